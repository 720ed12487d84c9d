package import EventLoop

/// Why TLS could not do what was asked, in sentences that say what to do.
package enum TLSError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The certificate file cannot be read as a chain of PEM certificates.
  case certificateUnreadable(path: String, reason: String)
  /// The key file cannot be read as a PEM private key.
  case keyUnreadable(path: String, reason: String)
  /// The key belongs to another certificate.
  case keyDoesNotMatch(certificate: String, key: String)
  /// The authority's file holds no certificate to trust.
  case authorityUnreadable(path: String, reason: String)
  /// The other side showed no certificate, and one is asked for.
  case noCertificate
  /// The other side's certificate is not signed by the authority that we trust.
  case unknownAuthority(reason: String)
  /// The other side's certificate is out of its time.
  case expired(reason: String)
  /// The other side's certificate is of another host or address.
  case wrongHost(String)
  /// The other side's certificate is refused for another reason.
  case certificateRefused(reason: String)
  /// The two sides have no version of TLS in common: only 1.3 is spoken.
  case tooOld
  /// The other side refused us and said why.
  case refusedByPeer(reason: String)
  /// The bytes are no TLS, or broken.
  case broken(reason: String)
  /// The other side went away in the middle.
  case ended
  /// Nothing came in time.
  case timedOut
  /// A frame of the other side is longer than the `limit` in bytes.
  case frameTooLong(found: Int, limit: Int)
  /// More than `limit` bytes wait for the other side to take them.
  case tooMuchWaiting(limit: Int)
  /// There was no connection to begin with.
  case unreachable(SocketError)
  /// The connection failed in the operating system.
  case connection(SystemError)

  package var description: String {
    switch self {
    case .certificateUnreadable(let path, let reason):
      "The certificate \(path) cannot be used (\(reason)): "
        + "it must be a PEM file, the own certificate first, then the ones above it."
    case .keyUnreadable(let path, let reason):
      "The key \(path) cannot be used (\(reason)): it must be a PEM private key without a password."
    case .keyDoesNotMatch(let certificate, let key):
      "The key \(key) does not belong to the certificate \(certificate): issue them together."
    case .authorityUnreadable(let path, let reason):
      "The authority \(path) cannot be used (\(reason)): "
        + "it must be a PEM file with the certificates to trust."
    case .noCertificate:
      "The other side showed no certificate: it needs one of this cluster's authority."
    case .unknownAuthority(let reason):
      "The other side's certificate comes from an authority not trusted here (\(reason)): "
        + "check that both sides use the same authority."
    case .expired(let reason):
      "The other side's certificate is out of its time (\(reason)): "
        + "issue a new one, or set the clocks."
    case .wrongHost(let host):
      "The other side's certificate is not for \(host): "
        + "connect by a name in the certificate, or issue one with this name."
    case .certificateRefused(let reason):
      "The other side's certificate is refused: \(reason)."
    case .tooOld:
      "The two sides have no version of TLS in common: only TLS 1.3 is spoken here."
    case .refusedByPeer(let reason):
      "The other side refused the connection: \(reason)."
    case .broken(let reason):
      "The other side does not speak TLS as it should: \(reason)."
    case .ended:
      "The other side closed the connection."
    case .timedOut:
      "The other side did not answer in time."
    case .frameTooLong(let found, let limit):
      "The other side sent a frame of \(found) bytes, over the bound of \(limit): "
        + "is it a node of the same version?"
    case .tooMuchWaiting(let limit):
      "The other side takes nothing while over \(limit) bytes wait for it: is its machine or the "
        + "network overloaded?"
    case .unreachable(let error):
      "\(error)"
    case .connection(let error):
      "The connection failed: \(error)."
    }
  }
}
