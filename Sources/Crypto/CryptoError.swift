/// Why a key, a certificate or a secret file could not be made or used.
package enum CryptoError: Error, Hashable, Sendable {
  /// The text is not a PEM private key, or not one on the curve P-256.
  case malformedKey
  /// The text is not a PEM certificate.
  case malformedCertificate
  /// The text is not a PEM certificate request that its own key on the curve P-256 has signed.
  case malformedRequest
  /// The numbers are not an RSA key of 2048 to 8192 bits, or not a point on the curve P-256.
  case malformedPublicKey
  /// The private key is not the one that the certificate names.
  case keyDoesNotMatch
  /// This cannot stand in a certificate as a name or address.
  case badName(String)
  /// OpenSSL refused; `reason` is its own sentence.
  case refused(operation: String, reason: String)
}

extension CryptoError: CustomStringConvertible {
  /// A sentence that says what is wrong.
  package var description: String {
    switch self {
    case .malformedKey: "This is not a PEM private key on the curve P-256."
    case .malformedCertificate: "This is not a PEM certificate."
    case .malformedRequest:
      "This is not a PEM certificate request, signed by its own key on the curve P-256."
    case .malformedPublicKey:
      "This is not an RSA key of 2048 to 8192 bits, and not a point on the curve P-256."
    case .keyDoesNotMatch: "The private key does not belong to the certificate."
    case .badName(let name): "\"\(name)\" cannot stand in a certificate as a name or address."
    case .refused(let operation, let reason): "OpenSSL could not \(operation): \(reason)."
    }
  }
}
