extension JSONValue: ExpressibleByNilLiteral {
  package init(nilLiteral: ()) { self.init(.null) }
}

extension JSONValue: ExpressibleByBooleanLiteral {
  package init(booleanLiteral truth: Bool) { self.init(.bool(truth)) }
}

extension JSONValue: ExpressibleByIntegerLiteral {
  package init(integerLiteral number: Int) { self.init(.number("\(number)")) }
}

extension JSONValue: ExpressibleByStringLiteral {
  package init(stringLiteral text: String) { self.init(.string(text)) }
}

extension JSONValue: ExpressibleByArrayLiteral {
  package init(arrayLiteral elements: JSONValue...) { self.init(.array(elements)) }
}

extension JSONValue: ExpressibleByDictionaryLiteral {
  /// An object whose members stand in the order in which they are written.
  package init(dictionaryLiteral members: (String, JSONValue)...) {
    self.init(.object(members.map { Member($0, $1) }))
  }
}
