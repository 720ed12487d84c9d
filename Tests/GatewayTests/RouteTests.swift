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
}
