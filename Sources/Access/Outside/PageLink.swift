import Bytes
import Crypto
package import Incidents

/// The link by which somebody answers one page of theirs without signing in.
///
/// It says which page, and proves by a code that this cluster made it. Whoever has it answers as that
/// person until the page is over, a day at most: see `PagedPerson`.
package struct PageLink: Hashable, Sendable {
  /// How many characters it has.
  package static let length = 96

  private static let purpose = Array("muster page 1\n".utf8)
  /// Two ids and a time.
  private static let size = 40

  /// The page.
  package let page: PagedPerson

  /// A link to answer `page` by.
  package init(to page: PagedPerson) { self.page = page }

  /// The link that these characters spell, if this cluster made it; `nil` for anything else.
  ///
  /// - Parameters:
  ///   - text: What may be one.
  ///   - secret: The cluster's.
  package init?(_ text: some StringProtocol, secret: [UInt8]) {
    guard text.utf8.count == Self.length, let bytes = Base64URL.decode(text) else { return nil }
    let message = Array(bytes.prefix(Self.size))
    let code = Array(bytes.dropFirst(Self.size))
    guard HMACSHA256.isValid(code, of: Self.purpose + message, key: secret) else { return nil }
    var reader = ByteReader(message)
    guard let incident = try? reader.id(), let person = try? reader.id(),
      let at = try? reader.i64()
    else { return nil }  // What was proved has this form.
    page = PagedPerson(incident: incident, person: person, at: at)
  }

  /// The characters, for a path.
  ///
  /// - Parameter secret: The cluster's.
  package func spelling(secret: [UInt8]) -> String {
    var message = ByteWriter(reserving: Self.size)
    message.put(page.incident)
    message.put(page.person)
    message.put(page.at)
    let code = HMACSHA256.code(of: Self.purpose + message.bytes, key: secret)
    return Base64URL.encode(message.bytes + code)
  }
}
