import Foundation

/// How parameters and results with types of their own are read and written; an action may change both.
public enum StackwhiskJson {
    nonisolated(unsafe) public static var decoder = JSONDecoder()
    nonisolated(unsafe) public static var encoder = JSONEncoder()
}

/// A result that JSON has no form for.
struct NoJson: Error {
    let reason: String
}

/// What stands in an answer for an error.
func describe(_ error: Error) -> String {
    switch error {
    case let error as DecodingError: return "The parameters are not what the action takes: \(explain(error))"
    case let error as LocalizedError: return error.errorDescription ?? String(describing: error)
    default: return String(describing: error)
    }
}

private func explain(_ error: DecodingError) -> String {
    let context: DecodingError.Context
    switch error {
    case .keyNotFound(let key, _): return "\"\(key.stringValue)\" is missing"
    case .typeMismatch(_, let found), .valueNotFound(_, let found), .dataCorrupted(let found): context = found
    @unknown default: return String(describing: error)
    }
    let path = context.codingPath.map(\.stringValue).joined(separator: ".")
    return path.isEmpty ? context.debugDescription : "\"\(path)\": \(context.debugDescription)"
}

func decode<In: Decodable>(_ value: Any) throws -> In {
    try StackwhiskJson.decoder.decode(In.self, from: JSONSerialization.data(withJSONObject: value, options: .fragmentsAllowed))
}

func encode(_ result: some Encodable) throws -> Data {
    do {
        return try StackwhiskJson.encoder.encode(result)
    } catch {
        throw NoJson(reason: String(describing: error))
    }
}

/// Of any value: containers and what they may contain, and whatever can be encoded.
func encodeAny(_ result: Any) throws -> Data {
    let value = unwrap(result)
    if value is [Any] || value is [String: Any] {
        guard JSONSerialization.isValidJSONObject(value) else {
            if let encodable = value as? any Encodable { return try encode(encodable) }
            throw NoJson(reason: "it has values of types that JSON does not have")
        }
        return try JSONSerialization.data(withJSONObject: value, options: .withoutEscapingSlashes)
    }
    if let encodable = value as? any Encodable { return try encode(encodable) }
    if value is NSNull { return Data("null".utf8) }
    throw NoJson(reason: "it is of type \(type(of: value))")
}

/// An optional as `Any` is no optional to the compiler.
private func unwrap(_ value: Any) -> Any {
    let mirror = Mirror(reflecting: value)
    guard mirror.displayStyle == .optional else { return value }
    return mirror.children.first.map { unwrap($0.value) } ?? NSNull()
}

struct WrongKind: LocalizedError {
    let errorDescription: String?
}

func object(_ value: Any) throws -> [String: Any] {
    guard let object = value as? [String: Any] else { throw WrongKind(errorDescription: "The action takes an object and was given an array.") }
    return object
}

func array(_ value: Any) throws -> [Any] {
    guard let array = value as? [Any] else { throw WrongKind(errorDescription: "The action takes an array and was given an object.") }
    return array
}
