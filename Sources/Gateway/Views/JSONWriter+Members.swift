import Incidents
import JSON

/// Whole members in one call. A view reads like the object that it writes.
extension JSONWriter {
  /// Writes an object: as the value of `member`, or else as an element or the whole text.
  mutating func object(_ member: StaticString? = nil, _ body: (inout JSONWriter) -> Void) {
    if let member { name(member) }
    beginObject()
    body(&self)
    endObject()
  }

  /// Writes a list as the value of `member`.
  mutating func array(_ member: StaticString, _ body: (inout JSONWriter) -> Void) {
    name(member)
    beginArray()
    body(&self)
    endArray()
  }

  /// Writes a text, or `null`, as the value of `member`.
  mutating func member(_ member: StaticString, _ text: String?) {
    name(member)
    if let text { value(text) } else { null() }
  }

  /// Writes a number as the value of `member`.
  mutating func member(_ member: StaticString, _ number: Int) {
    name(member)
    value(number)
  }

  /// Writes a number, or `null`, as the value of `member`.
  mutating func member(_ member: StaticString, _ number: Int?) {
    if let number { self.member(member, number) } else { null(member) }
  }

  /// Writes `true` or `false` as the value of `member`.
  mutating func member(_ member: StaticString, _ truth: Bool) {
    name(member)
    value(truth)
  }

  /// Writes a point in time as RFC 3339 does, or `null`, as the value of `member`.
  mutating func time(_ member: StaticString, _ stamp: Int64?) {
    self.member(member, stamp.map(Timestamp.format))
  }

  /// Writes `null` as the value of `member`, or as an element.
  mutating func null(_ member: StaticString?) {
    if let member { name(member) }
    null()
  }
}
