@_exported import Foundation
import Dispatch
#if canImport(Glibc)
import Glibc
#endif

/// What an action makes of its parameters: one line of JSON.
typealias Run = (_ value: Any) async throws -> Data

/// The way in and out of the process: lines in, lines out, and what parts the log of one run from the next.
private struct Channels {
    let lines: UnsafeMutablePointer<FILE>
    let answers: Int32
    let logToken: String?

    /// Moves both to where neither the action nor its children come across them.
    init() {
        lines = fdopen(fcntl(0, F_DUPFD_CLOEXEC, 10), "r")
        let nothing = open("/dev/null", O_RDONLY)
        dup2(nothing, 0)
        close(nothing)
        answers = fcntl(3, F_DUPFD_CLOEXEC, 10)
        close(3)
        logToken = getenv("STACKWHISK_LOG_TOKEN").map { String(cString: $0) }
        unsetenv("STACKWHISK_LOG_TOKEN")
    }

    func readLine() -> Data? {
        var buffer: UnsafeMutablePointer<CChar>?
        var capacity = 0
        let count = getline(&buffer, &capacity, lines)
        guard count > 0, let buffer else { return nil }
        return Data(bytesNoCopy: buffer, count: count, deallocator: .free)
    }

    /// What was printed goes out before the answer does.
    func answer(_ line: Data) {
        fflush(stdout)
        fflush(stderr)
        if let logToken {
            writeAll(1, Data(logToken.utf8))
            writeAll(2, Data(logToken.utf8))
        }
        writeAll(answers, line + [10])
    }
}

private func writeAll(_ descriptor: Int32, _ data: Data) {
    data.withUnsafeBytes { bytes in
        var offset = 0
        while offset < bytes.count {
            let written = write(descriptor, bytes.baseAddress! + offset, bytes.count - offset)
            if written > 0 { offset += written } else if errno != EINTR { return }
        }
    }
}

/// Exports `activation_id` as `__OW_ACTIVATION_ID` and so on; takes back what the run before had and this one lacks.
private struct Context {
    /// Names that runs have set, with what was there before.
    private var before: [String: String?] = [:]

    mutating func export(_ message: [String: Any]) {
        var names: Set<String> = []
        for (key, value) in message where key != "value" {
            guard let text = value as? String ?? (value as? NSNumber)?.stringValue else { continue }
            let name = "__OW_" + key.uppercased()
            names.insert(name)
            if before[name] == nil { before.updateValue(getenv(name).map { String(cString: $0) }, forKey: name) }
            setenv(name, text, 1)
        }
        for (name, value) in before where !names.contains(name) {
            if let value { setenv(name, value, 1) } else { unsetenv(name) }
            before.removeValue(forKey: name)
        }
    }
}

/// Serves the runs of an action, one after the other, until there are no more.
func loop(_ run: @escaping Run) -> Never {
    setvbuf(stdout, nil, _IOLBF, 0)
    let channels = Channels()
    // Without it nobody waits for an answer before the first run: the binary was built for another platform's proxy.
    if channels.logToken != nil { channels.answer(Data(#"{"ok":true}"#.utf8)) }
    let thread = Thread {
        var context = Context()
        while let line = channels.readLine() {
            let message = (try? JSONSerialization.jsonObject(with: line)) as? [String: Any] ?? [:]
            context.export(message)
            let given = message["value"] ?? NSNull()
            channels.answer(wait { await outcome(of: run, given is NSNull ? [String: Any]() : given) })
        }
        exit(0)
    }
    thread.stackSize = 8 << 20
    thread.start()
    // The main thread belongs to the main actor and the main queue.
    dispatchMain()
}

/// What a run answers: its result, or its error as one.
private func outcome(of run: Run, _ value: Any) async -> Data {
    do {
        return try await run(value)
    } catch let error as NoJson {
        fputs("The result cannot be written as JSON: \(error.reason)\n", stderr)
        return Data("null".utf8)
    } catch {
        let text = describe(error)
        fputs("Error: \(text)\n", stderr)
        return (try? JSONSerialization.data(withJSONObject: ["error": text])) ?? Data("null".utf8)
    }
}

private final class Box<Value>: @unchecked Sendable {
    var value: Value?
}

private func wait<Value>(_ work: @escaping () async -> Value) -> Value {
    let (box, done) = (Box<Value>(), DispatchSemaphore(value: 0))
    Task {
        box.value = await work()
        done.signal()
    }
    done.wait()
    return box.value!
}
