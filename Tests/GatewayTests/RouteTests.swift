import Gateway
import HTTP
import Testing

@Suite("The table of addresses")
struct RouteTests {
  @Test func `has each address once`() async {
    let addresses = await API.addresses
    #expect(Set(addresses).count == addresses.count)
  }

  @Test func `holds the whole life of an incident`() async {
    let addresses = await API.addresses
    for step in [
      "acknowledgement", "priority", "roles", "notes", "updates", "status", "resolution",
      "review", "closure",
    ] {
      #expect(addresses.contains("POST /v1/incidents/:incident/\(step)"))
    }
  }

  /// Policy section 5: an entry of a timeline is corrected by another, never changed or removed.
  @Test func `changes and removes nothing in its place`() async {
    let addresses = await API.addresses
    let methods = Set(addresses.map { $0.prefix { $0 != " " } })
    #expect(methods == ["GET", "POST"])
  }
}
