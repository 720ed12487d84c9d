import COpenSSL
package import EventLoop
import Glibc

/// One TLS connection over a non-blocking socket that it owns. Nothing here waits.
@safe package struct TLSStream: ~Copyable, @unchecked Sendable {
  // It has one owner, every call that changes an SSL asks for it exclusively, and OpenSSL ties an SSL
  // to no thread.

  /// Which side of the connection this is.
  package enum Side: Hashable, Sendable {
    /// The one that accepted.
    case server
    /// The one that connected, to a host name or address that the certificate must be for; nil
    /// leaves the check of the name to the caller, who looks at ``TLSStream/peerURIs``.
    case client(host: String?)
  }

  /// How far a step came.
  package enum Step: Hashable, Sendable {
    /// It is done, for so many bytes (0 where bytes are not the point).
    case done(Int)
    /// Go on when the socket is readable.
    case wantsRead
    /// Go on when the socket is writable.
    case wantsWrite
    /// The other side has sent its last byte.
    case ended
    /// The connection is of no more use.
    case failed(TLSError)
  }

  private let ssl: OpaquePointer
  private let state: UnsafeMutablePointer<SocketState>
  private let side: Side
  private let asksForCertificate: Bool
  // Once broken an SSL must not be used further, not even for its farewell.
  private var broken = false

  /// Takes over a connected socket, which must be non-blocking.
  package init(
    _ context: TLSContext, _ socket: consuming Descriptor, side: Side
  ) throws(TLSError) {
    unsafe ssl = try unsafe TLSStream.prepared(context, side)
    self.side = side
    asksForCertificate = context.asksForCertificate
    let state = UnsafeMutablePointer<SocketState>.allocate(capacity: 1)
    unsafe state.initialize(to: SocketState(descriptor: socket.release()))
    unsafe self.state = unsafe state
    let bio = unsafe SocketBIO.make(state)
    precondition(unsafe bio != nil, "There is no memory for a connection.")
    unsafe SSL_set_bio(ssl, bio, bio)
  }

  deinit {
    unsafe SSL_free(ssl)
    close(unsafe state.pointee.descriptor)
    unsafe state.deallocate()
  }

  private static func prepared(
    _ context: TLSContext, _ side: Side
  ) throws(TLSError) -> OpaquePointer {
    ErrorQueue.clear()
    guard let ssl = unsafe SSL_new(context.pointer) else {
      throw .broken(reason: ErrorQueue.take().text)
    }
    switch side {
    case .server:
      unsafe SSL_set_accept_state(ssl)
    case .client(let host):
      unsafe SSL_set_connect_state(ssl)
      guard let host, !(unsafe expect(host, of: ssl)) else { break }
      unsafe SSL_free(ssl)
      ErrorQueue.clear()
      throw .wrongHost(host)
    }
    return unsafe ssl
  }

  /// Asks for a certificate of `host`; false if that can be no name.
  private static func expect(_ host: String, of ssl: OpaquePointer) -> Bool {
    guard !SocketAddress.isNumeric(host) else {
      return unsafe X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host) == 1
    }
    return unsafe SSL_set1_host(ssl, host) == 1 && tls_set_server_name(ssl, host) == 1
  }

  /// The number of the socket.
  package var descriptor: Int32 { unsafe state.pointee.descriptor }

  /// Whether a read could find nothing before the next news of the socket.
  package var isDrained: Bool {
    unsafe !state.pointee.readable && !state.pointee.ended && SSL_has_pending(ssl) == 0
  }

  /// Takes in what epoll or poll tells about the socket.
  package mutating func note(_ events: Readiness) {
    if events.contains(.readable) { unsafe state.pointee.readable = true }
    if !events.isDisjoint(with: [.ended, .hungUp, .failed]) { unsafe state.pointee.ended = true }
  }

  /// Goes on with the handshake.
  package mutating func handshake() -> Step {
    guard !broken else { return .failed(.ended) }
    ErrorQueue.clear()
    let result = unsafe SSL_do_handshake(ssl)
    let step = step(after: result)
    // Before a handshake is done, an end is a failure: nobody is there.
    if step == .ended { return .failed(.ended) }
    return step
  }

  /// Reads at most `buffer.count` bytes, at most one record of 16 KiB.
  package mutating func read(into buffer: UnsafeMutableRawBufferPointer) -> Step {
    guard !broken else { return .ended }
    ErrorQueue.clear()
    let count = Int32(clamping: buffer.count)
    let result = unsafe SSL_read(ssl, buffer.baseAddress, count)
    return step(after: result)
  }

  /// Writes the first of `bytes`: as many as the socket takes. What was asked for and not taken must
  /// be asked for again, at any address, alone or with more behind it.
  package mutating func write(_ bytes: UnsafeRawBufferPointer) -> Step {
    guard !broken else { return .failed(.ended) }
    guard bytes.count > 0 else { return .done(0) }
    ErrorQueue.clear()
    var written = 0
    while written < bytes.count {
      let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[written...])
      let result = unsafe SSL_write(ssl, rest.baseAddress, Int32(clamping: rest.count))
      switch step(after: result) {
      case .done(let count): written += count
      case .ended: return written > 0 ? .done(written) : .failed(.ended)
      case let other: return written > 0 ? .done(written) : other
      }
    }
    return .done(written)
  }

  /// Tells the other side that no more bytes will come. Best effort: nothing waits for it.
  package mutating func sayFarewell() {
    guard !broken, unsafe SSL_is_init_finished(ssl) == 1 else { return }
    ErrorQueue.clear()
    unsafe SSL_shutdown(ssl)
    ErrorQueue.clear()
    _ = shutdown(descriptor, Int32(SHUT_WR))
  }

  /// The SHA-256 of the DER form of the certificate whose key the other side has proved to have;
  /// `nil` before the end of the handshake, and where none was asked for or shown.
  package var peerFingerprint: [UInt8]? {
    guard asksForCertificate, let certificate = unsafe SSL_get1_peer_certificate(ssl) else {
      return nil
    }
    defer { unsafe X509_free(certificate) }
    var bytes = [UInt8](repeating: 0, count: 32)
    var count: UInt32 = 0
    guard unsafe X509_digest(certificate, EVP_sha256(), &bytes, &count) == 1, count == 32 else {
      return nil
    }
    return bytes
  }

  /// The URIs among the alternative names of the other side's verified certificate; none before the
  /// end of the handshake, and none when no certificate was asked for.
  package var peerURIs: [String] {
    guard asksForCertificate, unsafe SSL_get_verify_result(ssl) == X509_V_OK,
      let certificate = unsafe SSL_get1_peer_certificate(ssl)
    else { return [] }
    defer { unsafe X509_free(certificate) }
    guard
      let found = unsafe X509_get_ext_d2i(certificate, NID_subject_alt_name, nil, nil)
    else { return [] }
    let names = OpaquePointer(found)
    defer { unsafe GENERAL_NAMES_free(names) }
    var uris: [String] = []
    for index in 0..<(unsafe tls_names_count(names)) {
      guard let uri = unsafe tls_name_uri(tls_name_at(names, index)),
        let start = unsafe ASN1_STRING_get0_data(uri)
      else { continue }
      let bytes = unsafe UnsafeBufferPointer(start: start, count: Int(ASN1_STRING_length(uri)))
      // A name that is not text names nobody.
      if let text = unsafe String(validating: bytes, as: UTF8.self) { uris.append(text) }
    }
    return uris
  }

  /// The certificates that the other side, a server, has sent, its own first, each as a PEM block.
  /// Nothing is said about whether they are to be trusted.
  package var chain: [String] {
    guard let chain = unsafe SSL_get_peer_cert_chain(ssl) else { return [] }
    var blocks: [String] = []
    for index in 0..<(unsafe tls_chain_count(chain)) {
      guard let memory = unsafe BIO_new(BIO_s_mem()) else { return blocks }
      defer { unsafe BIO_free_all(memory) }
      var start: UnsafePointer<UInt8>?
      guard unsafe PEM_write_bio_X509(memory, tls_chain_at(chain, index)) == 1 else { continue }
      let count = unsafe crypto_bio_bytes(memory, &start)
      let bytes = unsafe UnsafeBufferPointer(start: start, count: count)
      unsafe blocks.append(String(decoding: bytes, as: UTF8.self))
    }
    return blocks
  }

  private mutating func step(after result: Int32) -> Step {
    guard result <= 0 else { return .done(Int(result)) }
    switch unsafe SSL_get_error(ssl, result) {
    case SSL_ERROR_WANT_READ:
      return .wantsRead
    case SSL_ERROR_WANT_WRITE:
      return .wantsWrite
    case SSL_ERROR_ZERO_RETURN:
      return .ended
    case SSL_ERROR_SYSCALL:
      broken = true
      ErrorQueue.clear()
      let failure = unsafe state.pointee.failure
      return failure == 0 ? .ended : .failed(.connection(SystemError(failure)))
    default:
      broken = true
      return .failed(refusal())
    }
  }

  /// Why the handshake or a record was refused, here or there.
  private func refusal() -> TLSError {
    let (reason, text) = ErrorQueue.take()
    let verified = unsafe SSL_get_verify_result(ssl)
    switch reason {
    case SSL_R_CERTIFICATE_VERIFY_FAILED:
      let why = unsafe String(cString: X509_verify_cert_error_string(verified))
      switch Int32(truncatingIfNeeded: verified) {
      case X509_V_ERR_CERT_HAS_EXPIRED, X509_V_ERR_CERT_NOT_YET_VALID:
        return .expired(reason: why)
      case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH:
        guard case .client(let host?) = side else { return .certificateRefused(reason: why) }
        return .wrongHost(host)
      case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT,
        X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
        X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, X509_V_ERR_CERT_SIGNATURE_FAILURE:
        return .unknownAuthority(reason: why)
      default:
        return .certificateRefused(reason: why)
      }
    case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
      return .noCertificate
    case SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_NO_PROTOCOLS_AVAILABLE, SSL_R_WRONG_SSL_VERSION,
      SSL_R_VERSION_TOO_LOW, SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
      return .tooOld
    case TLSStream.alerts:
      return .refusedByPeer(reason: text)
    default:
      return .broken(reason: text)
    }
  }

  /// The reasons by which OpenSSL tells an alert of the other side.
  private static let alerts: ClosedRange<Int32> = 1_000...1_255
}
