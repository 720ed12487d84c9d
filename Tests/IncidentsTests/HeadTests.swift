import Bytes
import Incidents
import Testing

/// What is asked of a signed head before it stands in the record.
@Suite("A signed head")
struct HeadTests {
  private static let hash = [UInt8](repeating: 7, count: Bound.hash)

  private static func head(_ position: UInt64, hash: [UInt8] = HeadTests.hash) -> SignedHead {
    SignedHead(
      position: position, hash: hash, node: 2, at: Office.morning, signature: [1, 2, 3],
      certificate: "-----BEGIN CERTIFICATE-----")
  }

  private func office() throws -> Office {
    var office = try Office(isRaised: true)
    office.department.ledgerHashes = [5: Self.hash, 6: Self.hash]
    return office
  }

  @Test func `is of a row that there is, with its hash`() throws {
    var office = try office()
    #expect(office.rule(.signHead(Self.head(7)), by: .system) == .invalidField)
    let other = [UInt8](repeating: 8, count: Bound.hash)
    #expect(office.rule(.signHead(Self.head(5, hash: other)), by: .system) == .invalidField)
    let events = try office.run(.signHead(Self.head(5)), as: .system)
    #expect(events.map(\.fact) == [.headSigned(Self.head(5))])
    #expect(office.department.lastHead() == Self.head(5))
  }

  @Test func `is later than the one before, or nothing happens`() throws {
    var office = try office()
    try office.run(.signHead(Self.head(6)), as: .system)
    #expect(try office.run(.signHead(Self.head(6)), as: .system) == [])
    #expect(try office.run(.signHead(Self.head(5)), as: .system) == [])
    #expect(office.department.lastHead() == Self.head(6))
  }

  @Test func `is the cluster's own, and signed`() throws {
    let office = try office()
    #expect(office.rule(.signHead(Self.head(5))) == .rightMissing)
    var bare = Self.head(5)
    bare.signature = []
    #expect(office.rule(.signHead(bare), by: .system) == .invalidField)
  }
}
