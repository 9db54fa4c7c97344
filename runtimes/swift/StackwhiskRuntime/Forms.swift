import Foundation

// The forms that an action's function may have. One that is not `async` or does not throw fits those that are and do.

/// `func main(args: Any) -> Any`
public func serve(_ main: @escaping (Any) async throws -> Any) -> Never {
    loop { try encodeAny(await main($0)) }
}

/// `func main(args: [String: Any]) -> [String: Any]`
@_disfavoredOverload
public func serve(_ main: @escaping ([String: Any]) async throws -> Any) -> Never {
    loop { try encodeAny(await main(object($0))) }
}

/// `func main(args: [Any]) -> [Any]`
@_disfavoredOverload
public func serve(_ main: @escaping ([Any]) async throws -> Any) -> Never {
    loop { try encodeAny(await main(array($0))) }
}

/// `func main() -> [String: Any]`
@_disfavoredOverload
public func serve(_ main: @escaping () async throws -> Any) -> Never {
    loop { _ in try encodeAny(await main()) }
}

/// `func main(input: In) -> Out`, both Codable
public func serve<In: Decodable, Out: Encodable>(_ main: @escaping (In) async throws -> Out?) -> Never {
    loop { try encode(await main(decode($0))) }
}

/// `func main(input: In) -> [String: Any]`
@_disfavoredOverload
public func serve<In: Decodable>(_ main: @escaping (In) async throws -> Any) -> Never {
    loop { try encodeAny(await main(decode($0))) }
}

/// `func main() -> Out`
public func serve<Out: Encodable>(_ main: @escaping () async throws -> Out?) -> Never {
    loop { _ in try encode(await main()) }
}

/// `func main(input: In, respondWith: @escaping (Out?, Error?) -> Void)`
public func serve<In: Decodable, Out: Encodable>(_ main: @escaping (In, @escaping (Out?, Error?) -> Void) -> Void) -> Never {
    loop { value in
        let input: In = try decode(value)
        return try encode(await completion { main(input, $0) })
    }
}

/// `func main(args: [String: Any], respondWith: @escaping ([String: Any]?, Error?) -> Void)`
public func serve(_ main: @escaping ([String: Any], @escaping ([String: Any]?, Error?) -> Void) -> Void) -> Never {
    loop { value in
        let input = try object(value)
        return try encodeAny(await completion { main(input, $0) })
    }
}

/// `func main(respondWith: @escaping (Out?, Error?) -> Void)`
public func serve<Out: Encodable>(_ main: @escaping (@escaping (Out?, Error?) -> Void) -> Void) -> Never {
    loop { _ in try encode(await completion(main)) }
}

struct NoResponse: LocalizedError {
    let errorDescription: String? = "Action handler callback did not return response or error."
}

/// Waits for the first call of a completion handler; further ones have nobody to answer.
private func completion<Out>(_ work: (@escaping (Out?, Error?) -> Void) -> Void) async throws -> Out {
    try await withCheckedThrowingContinuation { continuation in
        let once = Once()
        work { result, error in
            guard once.isFirst() else { return }
            if let error { continuation.resume(throwing: error) } else if let result { continuation.resume(returning: result) } else { continuation.resume(throwing: NoResponse()) }
        }
    }
}

private final class Once: @unchecked Sendable {
    private let lock = NSLock()
    private var called = false

    func isFirst() -> Bool {
        lock.lock()
        defer { lock.unlock() }
        defer { called = true }
        return !called
    }
}
