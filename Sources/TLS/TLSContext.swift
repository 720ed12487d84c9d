import COpenSSL
import EventLoop

/// Where a certificate and its key lie.
package struct TLSIdentity: Hashable, Sendable {
  /// The path of the PEM file: the own certificate first, then the ones above it.
  package var certificate: String
  /// The path of the PEM file with the private key.
  package var key: String

  /// The identity in these two files.
  package init(certificate: String, key: String) {
    self.certificate = certificate
    self.key = key
  }
}

/// What connections of one kind have in common: the identity shown, the authority trusted.
///
/// Only TLS 1.3 is spoken. A context never changes: to change an identity, make a new context and
/// ``LiveContext/replace(with:)`` the old one, which lives as long as its connections.
@safe package final class TLSContext: @unchecked Sendable {
  // An SSL_CTX counts its references by atomics, and is not changed after init.
  let pointer: OpaquePointer
  /// Whether the certificate of the other side is asked for, and its connection refused without.
  let asksForCertificate: Bool

  /// What a server asks of those who connect.
  package enum Clients: Hashable, Sendable {
    /// Nothing, as a server of people's clients does.
    case anybody
    /// A certificate, if they have one: it proves who they are by its fingerprint alone, and whoever
    /// issued it is of no interest (RFC 8705, section 2.2).
    case knownByFingerprint
    /// A certificate of the authority whose PEM file this is.
    case issued(by: String)
  }

  /// For the side that accepts.
  package static func server(
    _ identity: TLSIdentity, clients: Clients = .anybody
  ) throws(TLSError) -> TLSContext {
    let context = unsafe try TLSContext(
      unsafe TLS_server_method(), asks: clients != .anybody)
    try context.show(identity)
    // Certificates are looked at anew each time: a ticket would skip that, and an authority that was
    // replaced would live on in it. Else one ticket, not OpenSSL's two: each costs 40 µs of the
    // handshake.
    unsafe SSL_CTX_set_num_tickets(context.pointer, clients == .anybody ? 1 : 0)
    switch clients {
    case .anybody: break
    case .knownByFingerprint:
      unsafe SSL_CTX_set_verify(context.pointer, SSL_VERIFY_PEER) { _, _ in 1 }
    case .issued(let authority):
      try context.trust(authority)
      unsafe SSL_CTX_set_verify(
        context.pointer, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nil)
    }
    return context
  }

  /// For the side that connects.
  ///
  /// - Parameters:
  ///   - authority: The PEM file of the authority that must have signed the other's certificate.
  ///   - identity: What to show when asked.
  package static func client(
    authority: String, identity: TLSIdentity? = nil
  ) throws(TLSError) -> TLSContext {
    let context = unsafe try TLSContext(unsafe TLS_client_method(), asks: true)
    try context.trust(authority)
    unsafe SSL_CTX_set_verify(context.pointer, SSL_VERIFY_PEER, nil)
    if let identity { try context.show(identity) }
    return context
  }

  /// For the side that connects to a server of others, TLS 1.2 or 1.3.
  ///
  /// - Parameter authority: The PEM file of the authority that must have signed its certificate; nil
  ///   for any that this machine trusts.
  package static func web(authority: String?) throws(TLSError) -> TLSContext {
    let context = unsafe try TLSContext(unsafe TLS_client_method(), asks: true)
    unsafe tls_since_1_2(context.pointer)
    if let authority {
      try context.trust(authority)
    } else {
      unsafe SSL_CTX_set_default_verify_paths(context.pointer)
    }
    unsafe SSL_CTX_set_verify(context.pointer, SSL_VERIFY_PEER, nil)
    return context
  }

  /// For a side that connects to see whom it meets, and sends nothing: no certificate is checked.
  ///
  /// What was seen, ``BlockingClient/chain``, is to be checked by its reader, and a connection by
  /// which something is said to be made anew, with ``client(authority:identity:)``.
  package static func onlyLooking() throws(TLSError) -> TLSContext {
    let context = unsafe try TLSContext(unsafe TLS_client_method(), asks: false)
    unsafe SSL_CTX_set_verify(context.pointer, SSL_VERIFY_NONE, nil)
    return context
  }

  private init(_ method: OpaquePointer?, asks: Bool) throws(TLSError) {
    ErrorQueue.clear()
    guard let pointer = unsafe SSL_CTX_new(method) else {
      throw .broken(reason: ErrorQueue.take().text)
    }
    unsafe self.pointer = unsafe pointer
    asksForCertificate = asks
    unsafe tls_only_1_3(pointer)
    unsafe tls_set_modes(pointer)
    unsafe tls_read_ahead(pointer)
    unsafe tls_no_session_cache(pointer)
    unsafe tls_safe_options(pointer)
    // Without it a session is not resumed where certificates are asked for.
    let id: [UInt8] = Array("muster".utf8)
    unsafe SSL_CTX_set_session_id_context(pointer, id, UInt32(id.count))
  }

  deinit { unsafe SSL_CTX_free(pointer) }

  private func show(_ identity: TLSIdentity) throws(TLSError) {
    ErrorQueue.clear()
    guard unsafe SSL_CTX_use_certificate_chain_file(pointer, identity.certificate) == 1 else {
      throw .certificateUnreadable(path: identity.certificate, reason: ErrorQueue.take().text)
    }
    guard unsafe SSL_CTX_use_PrivateKey_file(pointer, identity.key, SSL_FILETYPE_PEM) == 1 else {
      let (reason, text) = ErrorQueue.take()
      guard reason != X509_R_KEY_VALUES_MISMATCH, reason != X509_R_KEY_TYPE_MISMATCH else {
        throw .keyDoesNotMatch(certificate: identity.certificate, key: identity.key)
      }
      throw .keyUnreadable(path: identity.key, reason: text)
    }
    guard unsafe SSL_CTX_check_private_key(pointer) == 1 else {
      ErrorQueue.clear()
      throw .keyDoesNotMatch(certificate: identity.certificate, key: identity.key)
    }
  }

  private func trust(_ authority: String) throws(TLSError) {
    ErrorQueue.clear()
    guard unsafe SSL_CTX_load_verify_locations(pointer, authority, nil) == 1 else {
      throw .authorityUnreadable(path: authority, reason: ErrorQueue.take().text)
    }
  }

  /// When the certificate shown runs out, in milliseconds since 1970; nil when none is shown.
  package var expires: Int64? {
    guard let certificate = unsafe SSL_CTX_get0_certificate(pointer) else { return nil }
    var days: Int32 = 0
    var seconds: Int32 = 0
    let epoch = unsafe ASN1_TIME_set(nil, 0)
    defer { unsafe ASN1_TIME_free(epoch) }
    guard
      unsafe ASN1_TIME_diff(&days, &seconds, epoch, X509_get0_notAfter(certificate)) == 1
    else { return nil }
    return (Int64(days) * 86_400 + Int64(seconds)) * 1_000
  }
}

/// The context that new connections get: it can be replaced while old ones go on.
package final class LiveContext: Sendable {
  private let context: Lock<TLSContext>

  /// Starts with `context`.
  package init(_ context: TLSContext) { self.context = Lock(context) }

  /// The context of the next connection.
  package var current: TLSContext { context.withLock { $0 } }

  /// Gives the connections from now on `context`.
  package func replace(with context: TLSContext) { self.context.withLock { $0 = context } }
}
