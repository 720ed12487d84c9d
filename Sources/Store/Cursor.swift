internal import Bytes
internal import Crypto
package import Incidents

/// Where a page of a list ended. Opaque to clients: its text says nothing about numbers.
package struct Cursor: Hashable, Sendable {
  /// The number of the last row.
  let number: UInt64
  /// Its external reference, in a list that is ordered by it.
  let reference: String?
  /// What the list is ordered by before the number, if by anything: a priority or a due time.
  let key: Int64?

  init(number: UInt64, reference: String? = nil, key: Int64? = nil) {
    self.number = number
    self.reference = reference
    self.key = key
  }

  /// More than any reference of ours.
  private static let longestReference = 1_024

  /// Whether it is of a list in this order.
  package func fits(_ order: IncidentFilter.Order) -> Bool { (key != nil) == (order != .latest) }

  /// The cursor as a client is given it that may see all rows of its list.
  package var text: String { Base64URL.encode(bytes) }

  /// Its binary form.
  package var bytes: [UInt8] {
    var writer = ByteWriter(reserving: 32)
    writer.put(1 as UInt8)
    writer.put(number)
    writer.put(optional: reference) { $0.put($1) }
    if let key { writer.put(key) }
    return writer.bytes
  }

  /// The cursor that a client gives back, or `nil` when it is none of ours.
  package init?(_ text: String) {
    guard let bytes = Base64URL.decode(text) else { return nil }
    self.init(bytes)
  }

  /// The cursor of a binary form, or `nil` when it is none of ours.
  package init?(_ bytes: [UInt8]) {
    var reader = ByteReader(bytes)
    do throws(MalformedBytes) {
      guard try reader.u8() == 1 else { return nil }
      let number = try reader.u64()
      let reference = try reader.optional { reader throws(MalformedBytes) in
        try reader.string(max: Self.longestReference)
      }
      let key = reader.remaining == 0 ? nil : try reader.i64()
      try reader.finish()
      guard number <= UInt64(Int64.max) else { return nil }
      self.init(number: number, reference: reference, key: key)
    } catch {
      return nil
    }
  }
}

/// Some rows of a list, and where to go on.
package struct Page<Row> {
  /// The rows, in the list's order.
  package var items: [Row]
  /// Where the next page begins; `nil` when this was the last.
  package var next: Cursor?

  /// The most rows of one page.
  package static var largest: Int { 200 }
}

extension Page: Sendable where Row: Sendable {}
extension Page: Equatable where Row: Equatable {}
