import Dispatch
import Foundation
#if canImport(FoundationNetworking)
import FoundationNetworking
#endif
import StackwhiskRuntime

/// Calls the platform that runs this action, with the key of the activation (annotation `provide-api-key`). The interface is
/// that of OpenWhisk's Swift runtime; names may be qualified: `/namespace/package/action`, `package/action`, `action`.
public class Whisk {
    nonisolated(unsafe) public static var baseUrl = ProcessInfo.processInfo.environment["__OW_API_HOST"]
    nonisolated(unsafe) private static var ownKey: String?
    /// By default that of the run that is under way.
    public static var apiKey: String? {
        get { ownKey ?? ProcessInfo.processInfo.environment["__OW_API_KEY"] }
        set { ownKey = newValue }
    }

    public static var jsonDecoder: JSONDecoder {
        get { StackwhiskJson.decoder }
        set { StackwhiskJson.decoder = newValue }
    }
    public static var jsonEncoder: JSONEncoder {
        get { StackwhiskJson.encoder }
        set { StackwhiskJson.encoder = newValue }
    }

    public class func invoke(actionNamed action: String, withParameters params: [String: Any], blocking: Bool = true) -> [String: Any] {
        wait(Call("POST", "actions", action, "?blocking=\(blocking)", params))
    }

    public class func trigger(eventNamed event: String, withParameters params: [String: Any]) -> [String: Any] {
        wait(Call("POST", "triggers", event, "?blocking=true", params))
    }

    public class func createTrigger(triggerNamed trigger: String, withParameters params: [String: Any]) -> [String: Any] {
        wait(Call("PUT", "triggers", trigger, "", params))
    }

    public class func createRule(ruleNamed ruleName: String, withTrigger triggerName: String, andAction actionName: String) -> [String: Any] {
        wait(Call("PUT", "rules", ruleName, "", ["trigger": triggerName, "action": actionName]))
    }

    public static func invoke(actionNamed action: String, withParameters params: [String: Any], blocking: Bool = true) async throws -> Data {
        try await send(Call("POST", "actions", action, "?blocking=\(blocking)", params))
    }

    public static func trigger(eventNamed event: String, withParameters params: [String: Any]) async throws -> Data {
        try await send(Call("POST", "triggers", event, "?blocking=true", params))
    }

    public static func createTrigger(triggerNamed trigger: String, withParameters params: [String: Any]) async throws -> Data {
        try await send(Call("PUT", "triggers", trigger, "", params))
    }

    public static func createRule(ruleNamed ruleName: String, withTrigger triggerName: String, andAction actionName: String) async throws -> Data {
        try await send(Call("PUT", "rules", ruleName, "", ["trigger": triggerName, "action": actionName]))
    }

    private static func send(_ call: Call) async throws -> Data {
        let request = try call.request()
        return try await withCheckedThrowingContinuation { continuation in
            URLSession.shared.dataTask(with: request) { data, _, error in
                if let error { continuation.resume(throwing: error) } else { continuation.resume(returning: data ?? Data()) }
            }.resume()
        }
    }

    /// For functions that are not `async`: errors come as `{error}`, like those of the platform.
    private static func wait(_ call: Call) -> [String: Any] {
        do {
            let request = try call.request()
            nonisolated(unsafe) var outcome: [String: Any] = [:]
            let done = DispatchSemaphore(value: 0)
            URLSession.shared.dataTask(with: request) { data, _, error in
                defer { done.signal() }
                if let error { return outcome = ["error": error.localizedDescription] }
                outcome = (try? JSONSerialization.jsonObject(with: data ?? Data())) as? [String: Any] ?? ["error": "The platform's answer is no JSON object."]
            }.resume()
            done.wait()
            return outcome
        } catch {
            return ["error": (error as? LocalizedError)?.errorDescription ?? String(describing: error)]
        }
    }
}

enum WhiskError: LocalizedError {
    case noHost
    case noKey
    case invalidParameters
    case invalidName(String)

    var errorDescription: String? {
        switch self {
        case .noHost: return "__OW_API_HOST is not set to a URL: the action does not know the platform."
        case .noKey: return "__OW_API_KEY is not set: give the action the annotation provide-api-key."
        case .invalidParameters: return "The parameters have values that JSON does not have."
        case .invalidName(let name): return "\(name) is no name of an entity."
        }
    }
}

/// One call of the REST API.
private struct Call {
    let method: String
    let collection: String
    let name: String
    let query: String
    let parameters: [String: Any]

    init(_ method: String, _ collection: String, _ name: String, _ query: String, _ parameters: [String: Any]) {
        (self.method, self.collection, self.name, self.query, self.parameters) = (method, collection, name, query, parameters)
    }

    func request() throws -> URLRequest {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let qualified = name.hasPrefix("/") && parts.count > 2
        let (namespace, rest) = qualified ? (parts[1], parts[2...].joined(separator: "/")) : ("_", name)
        guard let path = "/api/v1/namespaces/\(namespace)/\(collection)/\(rest)".addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) else { throw WhiskError.invalidName(name) }
        guard let host = Whisk.baseUrl, let url = URL(string: host + path + query) else { throw WhiskError.noHost }
        guard let key = Whisk.apiKey else { throw WhiskError.noKey }
        guard JSONSerialization.isValidJSONObject(parameters) else { throw WhiskError.invalidParameters }
        var request = URLRequest(url: url)
        request.httpMethod = method
        request.httpBody = try JSONSerialization.data(withJSONObject: parameters)
        request.addValue("application/json", forHTTPHeaderField: "Content-Type")
        request.addValue("Basic \(Data(key.utf8).base64EncodedString())", forHTTPHeaderField: "Authorization")
        return request
    }
}
