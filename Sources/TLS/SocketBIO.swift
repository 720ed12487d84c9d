import COpenSSL
import EventLoop
import Glibc

/// What the socket under a TLS connection is known to be like.
struct SocketState {
  /// The socket.
  var descriptor: Int32
  /// Whether a recv might find bytes. After one that was shorter than asked for there is nothing
  /// left, and the next news comes from epoll: the call that would only say so is saved.
  var readable = true
  /// Whether the other side has sent its last byte: then reading goes on to the end in any case.
  var ended = false
  /// The errno of the failure that came first, or 0.
  var failure: Int32 = 0
}

/// A BIO of ours over a non-blocking socket. With read-ahead it needs one recv and one send per
/// request where OpenSSL's own takes four calls.
enum SocketBIO {
  /// A BIO over `state`, which must outlive it.
  static func make(_ state: UnsafeMutablePointer<SocketState>) -> OpaquePointer? {
    guard let bio = unsafe BIO_new(method) else { return nil }
    unsafe BIO_set_data(bio, state)
    unsafe BIO_set_init(bio, 1)
    return unsafe bio
  }

  // Written once, when first asked for, and only read from then on.
  private nonisolated(unsafe) static let method: OpaquePointer? = {
    let method = unsafe BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket")
    unsafe BIO_meth_set_read(method) { bio, buffer, count in
      unsafe SocketBIO.read(bio, buffer, count)
    }
    unsafe BIO_meth_set_write(method) { bio, buffer, count in
      unsafe SocketBIO.write(bio, buffer, count)
    }
    unsafe BIO_meth_set_ctrl(method) { _, command, _, _ in command == BIO_CTRL_FLUSH ? 1 : 0 }
    return unsafe method
  }()

  private static func state(of bio: OpaquePointer?) -> UnsafeMutablePointer<SocketState> {
    unsafe BIO_get_data(bio)!.assumingMemoryBound(to: SocketState.self)
  }

  private static func read(
    _ bio: OpaquePointer?, _ buffer: UnsafeMutablePointer<CChar>?, _ count: Int32
  ) -> Int32 {
    let state = unsafe state(of: bio)
    unsafe tls_bio_clear_retry(bio)
    guard unsafe state.pointee.readable || state.pointee.ended else {
      unsafe tls_bio_retry_read(bio)
      return -1
    }
    while true {
      let taken = unsafe recv(state.pointee.descriptor, buffer, Int(count), 0)
      if taken >= 0 {
        if taken < Int(count) { unsafe state.pointee.readable = false }
        if taken == 0 { unsafe state.pointee.ended = true }
        return Int32(taken)
      }
      switch errno {
      case EINTR: continue
      case EAGAIN:
        unsafe state.pointee.readable = false
        // Told of an end that is not there yet, the next news comes from epoll all the same.
        unsafe state.pointee.ended = false
        unsafe tls_bio_retry_read(bio)
        return -1
      case let failure:
        if unsafe state.pointee.failure == 0 { unsafe state.pointee.failure = failure }
        return -1
      }
    }
  }

  private static func write(
    _ bio: OpaquePointer?, _ buffer: UnsafePointer<CChar>?, _ count: Int32
  ) -> Int32 {
    let state = unsafe state(of: bio)
    unsafe tls_bio_clear_retry(bio)
    while true {
      let sent = unsafe send(
        state.pointee.descriptor, buffer, Int(count), Int32(MSG_NOSIGNAL))
      if sent >= 0 { return Int32(sent) }
      switch errno {
      case EINTR: continue
      case EAGAIN:
        unsafe tls_bio_retry_write(bio)
        return -1
      case let failure:
        if unsafe state.pointee.failure == 0 { unsafe state.pointee.failure = failure }
        return -1
      }
    }
  }
}
