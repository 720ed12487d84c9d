internal import Bytes

/// What fields must be before they are believed. The binary form has the same bounds, so what
/// passes here can be read back.
enum Check {
  /// A text of one line that must be there.
  static func name(_ text: String, _ field: String, max: Int = Bound.name) throws(Refusal) {
    try required(text, field, max: max)
    guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
      throw .invalid(field, "\(quoted(field)) must be one line, without control characters.")
    }
  }

  /// A text that must be there.
  static func required(_ text: String, _ field: String, max: Int) throws(Refusal) {
    // A space, a tab or a line break alone is nothing that a person could read.
    guard text.utf8.contains(where: { $0 > 0x20 }) else {
      throw .invalid(field, "\(quoted(field)) is missing or empty. Give it.")
    }
    try length(text, field, max: max)
  }

  /// A text that may be missing.
  static func optional(_ text: String?, _ field: String, max: Int) throws(Refusal) {
    if let text { try length(text, field, max: max) }
  }

  static func length(_ text: String, _ field: String, max: Int) throws(Refusal) {
    let length = text.utf8.count
    guard length <= max else {
      throw .invalid(field, "\(quoted(field)) is \(length) bytes long; at most \(max) fit.")
    }
  }

  /// A field as the interface has it, told apart from the words around it.
  private static func quoted(_ field: String) -> String { "\"\(field)\"" }

  static func email(_ text: String) throws(Refusal) {
    try name(text, "email", max: Bound.email)
    let at = text.utf8.filter { $0 == UInt8(ascii: "@") }.count
    guard at == 1, text.utf8.first != UInt8(ascii: "@"), text.utf8.last != UInt8(ascii: "@"),
      !text.utf8.contains(UInt8(ascii: " "))
    else {
      throw .invalid("email", "An e-mail address has a name, an @ and a domain.")
    }
  }

  /// The name of a label, as monitoring systems have them.
  static func label(_ text: String, _ field: String) throws(Refusal) {
    try name(text, field, max: Bound.key)
    let isLabel = text.utf8.enumerated().allSatisfy { place, byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "_"):
        true
      case UInt8(ascii: "0")...UInt8(ascii: "9"): place > 0
      default: false
      }
    }
    guard isLabel else {
      throw .invalid(
        field, "A label has letters, digits and _ in its name, and begins with no digit.")
    }
  }

  static func key(_ text: String) throws(Refusal) {
    try name(text, "key", max: Bound.key)
    let isKey = text.utf8.allSatisfy {
      switch $0 {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "-"):
        true
      default: false
      }
    }
    guard isKey else {
      throw .invalid("key", "A key is made of lower-case letters, digits and hyphens.")
    }
  }

  /// What somebody else calls a thing: visible characters, and none of our own ids.
  static func externalID(_ text: String?) throws(Refusal) {
    guard let text else { return }
    try name(text, "id", max: Bound.key)
    guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw .invalid("id", "An id is made of letters, digits and signs, without spaces.")
    }
    guard ID(text) == nil else {
      throw .invalid("id", "\(text) looks like an id of ours. Give it one of your own.")
    }
  }

  static func details(_ details: PersonDetails) throws(Refusal) {
    try externalID(details.externalID)
    try count(details.contacts.count, "list of contacts", max: Bound.contacts)
    for contact in details.contacts { try self.contact(contact) }
  }

  private static func contact(_ contact: ContactMethod) throws(Refusal) {
    switch contact.kind {
    case .email: try email(contact.address)
    case .sms, .voice:
      let digits = contact.address.utf8.dropFirst()
      guard contact.address.utf8.first == UInt8(ascii: "+"), (8...15).contains(digits.count),
        digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
      else {
        throw .invalid(
          "contacts",
          "A telephone number is a + and 8 to 15 digits, such as +447700900123, without spaces.")
      }
    case .webhook:
      try name(contact.address, "webhook", max: Bound.email)
      guard contact.address.hasPrefix("https://"), !contact.address.utf8.contains(0x20) else {
        throw .invalid("contacts", "A webhook is an address that begins with https://.")
      }
    }
  }

  static func hash(_ hash: [UInt8]) throws(Refusal) {
    guard hash.count == Bound.hash else {
      throw .invalid("tokenHash", "A token's hash has \(Bound.hash) bytes.")
    }
  }

  /// A point in time that can be written down.
  static func time(_ time: Int64, _ field: String) throws(Refusal) {
    guard Bound.time.contains(time) else {
      throw .invalid(field, "\(quoted(field)) must lie between the years 1970 and 9999.")
    }
  }

  static func time(optional time: Int64?, _ field: String) throws(Refusal) {
    if let time { try self.time(time, field) }
  }

  static func count(_ count: Int, _ field: String, max: Int = Bound.list) throws(Refusal) {
    guard count <= max else {
      throw .tooMany("The \(field) has \(count) entries; at most \(max) fit.")
    }
  }
}
