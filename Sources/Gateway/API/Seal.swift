import Bytes
import Crypto
import Store

/// Hides and signs what a client keeps for us: it gives it back at any node, and can neither read it, nor
/// compare two, nor make one.
package struct Seal: Sendable {
  private static let nonceSize = 12
  private static let codeSize = 16

  private let hiding: [UInt8]
  private let signing: [UInt8]

  /// The seal of a cluster with this secret, for one kind of thing.
  package init(secret: [UInt8], of purpose: String) {
    hiding = HMACSHA256.code(of: Array("\(purpose), hidden".utf8), key: secret)
    signing = HMACSHA256.code(of: Array("\(purpose), signed".utf8), key: secret)
  }

  /// A text that stands for these bytes, another one each time.
  package func text(of bytes: [UInt8]) -> String {
    let nonce = secureRandom(Self.nonceSize)
    let sealed = nonce + hidden(bytes, nonce)
    return Base64URL.encode(sealed + code(of: sealed))
  }

  /// The bytes that a text stands for; `nil` if it is none of this cluster's.
  package func bytes(of text: String) -> [UInt8]? {
    guard let bytes = Base64URL.decode(text), bytes.count >= Self.nonceSize + Self.codeSize else {
      return nil
    }
    let sealed = Array(bytes.dropLast(Self.codeSize))
    guard constantTimeEqual(Array(bytes.suffix(Self.codeSize)), code(of: sealed)) else {
      return nil
    }
    return hidden(Array(sealed.dropFirst(Self.nonceSize)), Array(sealed.prefix(Self.nonceSize)))
  }

  /// Hides bytes, or shows hidden ones.
  private func hidden(_ bytes: [UInt8], _ nonce: [UInt8]) -> [UInt8] {
    var stream: [UInt8] = []
    while stream.count < bytes.count {
      stream += HMACSHA256.code(of: nonce + Array("\(stream.count)".utf8), key: hiding)
    }
    return zip(bytes, stream).map { $0 ^ $1 }
  }

  private func code(of sealed: [UInt8]) -> [UInt8] {
    Array(HMACSHA256.code(of: sealed, key: signing).prefix(Self.codeSize))
  }
}

extension StateReader {
  /// Until there is a secret, in a cluster's first second, cursors are only made hard to read; those are
  /// refused once there is one.
  private var cursorSeal: Seal { Seal(secret: secret() ?? [], of: "cursor") }
  private var rowSeal: Seal { Seal(secret: secret() ?? [], of: "row") }

  /// The text that stands for where a page ended: the number in a cursor would tell how many there are that
  /// its reader may not see.
  func text(of cursor: Cursor?) -> String? {
    cursor.map { cursorSeal.text(of: $0.bytes) }
  }

  /// What ``text(of:)`` stands for; `nil` if it is none of ours.
  func cursor(_ text: String) -> Cursor? {
    cursorSeal.bytes(of: text).flatMap { Cursor($0) }
  }

  /// The text that stands for a row of incidents behind which a piece of a span ended. The number itself
  /// would tell how many there are.
  func text(ofRow row: Int64) -> String {
    var writer = ByteWriter(reserving: 8)
    writer.put(row)
    return rowSeal.text(of: writer.bytes)
  }

  /// What ``text(ofRow:)`` stands for; `nil` if it is none of ours.
  func row(_ text: String) -> Int64? {
    guard let bytes = rowSeal.bytes(of: text) else { return nil }
    var reader = ByteReader(bytes)
    guard let row = try? reader.i64(), reader.remaining == 0 else { return nil }
    return row
  }
}
