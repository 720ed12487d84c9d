import Access
import Crypto
import EventLoop
import Gateway
import HTTP
import TLS
import Testing

@ClientLoop @Suite("A key of a service")
struct ServiceKeyTests {
  private func town() async throws -> Town {
    let town = try await Town(isRaised: true)
    let added = await town.ask(.post, "/v1/services", #"{"key":"pay","name":"Payments"}"#)
    #expect(added.status == 201, "\(added.text)")
    return town
  }

  private func issue(_ scopes: String, in town: Town) async throws -> Token {
    let reply = await town.ask(
      .post, "/v1/services/pay/keys", #"{"label":"deploys","scopes":[\#(scopes)]}"#)
    #expect(reply.status == 201, "\(reply.text)")
    return try #require(Token(reply.text("token")))
  }

  @Test func `reads and declares as its scopes say`() async throws {
    let town = try await town()
    let reader = try await issue(#""read""#, in: town)
    let writer = try await issue(#""declare""#, in: town)
    let body = #"{"title":"Payments fail"}"#
    #expect(await town.ask(.get, "/v1/incidents", token: reader).status == 200)
    #expect(await town.ask(.get, "/v1/me", token: reader).text("name") == "Payments")
    let notDeclared = await town.ask(.post, "/v1/incidents", body, token: reader)
    #expect(notDeclared.status == 403)
    #expect(notDeclared.has("scope:declare"), "\(notDeclared.text)")

    let declared = await town.ask(.post, "/v1/incidents", body, token: writer)
    #expect(declared.status == 201, "\(declared.text)")
    let notRead = await town.ask(.get, "/v1/incidents", token: writer)
    #expect(notRead.status == 403)
    #expect(notRead.has("scope:read"), "\(notRead.text)")
    let notAlerts = await town.ask(.post, "/v1/alerts/alertmanager", "{}", token: writer)
    #expect(notAlerts.status == 403, "\(notAlerts.text)")
    for address in ["/v1/audit", "/v1/directory", "/v1/services/pay/keys"] {
      #expect(await town.ask(.get, address, token: reader).status == 403, "\(address)")
    }
  }

  @Test func `is listed without its secret, apart from ingest keys, and revoked at once`()
    async throws
  {
    let town = try await town()
    let token = try await issue(#""read","declare""#, in: town)
    _ = await town.ask(.post, "/v1/services/pay/ingest-keys", "{}")
    let list = await town.ask(.get, "/v1/services/pay/keys")
    #expect(list.has(#""scopes":["read","declare"]"#), "\(list.text)")
    #expect(list.has(#""prefix":"\#(token.spelling.prefix(8))""#))
    #expect(!list.has(token.spelling) && !list.has("readOnly"))
    let ingest = await town.ask(.get, "/v1/services/pay/ingest-keys")
    #expect(!ingest.has("scopes") && ingest.has(#""prefix""#), "\(ingest.text)")

    let revoked = await town.ask(.post, "/v1/tokens/\(list.text("id"))/revocation", "{}")
    #expect(revoked.status == 200, "\(revoked.text)")
    #expect(await town.ask(.get, "/v1/incidents", token: token).status == 401)
  }

  @Test func `is refused with a scope or certificate that is none`() async throws {
    let town = try await town()
    for body in [
      #"{"scopes":["everything"]}"#, #"{"scopes":[]}"#, "{}",
      #"{"scopes":["read"],"certificate":"x"}"#,
    ] {
      let reply = await town.ask(.post, "/v1/services/pay/keys", body)
      #expect(reply.status == 422 || reply.status == 400, "\(body) \(reply.text)")
    }
  }

  @Test func `can be a certificate, which no token of the same hash stands in for`() async throws {
    let town = try await town()
    let now = Clock.now()
    let authority = try CertificateAuthority(commonName: "Elsewhere", at: now, days: 2)
    let issued = try authority.issue(
      to: .server("deploys", dnsNames: [], addresses: []), at: now, days: 1)
    let pem = issued.certificate.pem.replacing("\n", with: "\\n")
    let body = #"{"label":"deploys","scopes":["read"],"certificate":"\#(pem)"}"#
    let known = await town.ask(.post, "/v1/services/pay/keys", body)
    #expect(known.status == 201, "\(known.text)")
    #expect(!known.has(#""token":"mst_"#))
    #expect(await town.ask(.post, "/v1/services/pay/keys", body).status == 409)

    func me(_ certificate: [UInt8]?, site: String? = nil) async -> Int {
      await town.ask(
        .get, "/v1/me", cookie: "", certificate: certificate, fetchedFrom: site
      ).status
    }
    let fingerprint = issued.certificate.fingerprint
    #expect(await me(fingerprint) == 200)
    #expect(await me(fingerprint, site: "cross-site") == 403)
    #expect(await me([UInt8](repeating: 1, count: 32)) == 401)
    #expect(await me(nil) == 401)
    // The hash of the administrator's token is no secret of theirs.
    #expect(await me(town.admin.hash) == 401)
  }
}
