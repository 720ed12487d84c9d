package import EventLoop
import HTTP
package import OpenID

/// The department's identity provider, as this node knows it: what it says of itself and its keys are
/// fetched when they are first needed, and kept.
@ClientLoop package final class IdentityProvider {
  /// What the provider says of itself is asked for anew after so many milliseconds.
  private static let metadataLife: Int64 = 3_600_000
  /// Its keys are asked for at most so often, whatever tokens name.
  private static let keysInterval: Int64 = 60_000

  let configuration: ProviderConfiguration
  private let door: any ProviderDoor
  private var metadata: (value: ProviderMetadata, at: Int64)?
  private var keys: (value: KeySet, at: Int64)?

  /// A provider behind a door.
  package nonisolated init(_ configuration: ProviderConfiguration, door: any ProviderDoor) {
    self.configuration = configuration
    self.door = door
  }

  /// What it says of itself.
  func describe(at now: Int64) async throws(ProviderTrouble) -> ProviderMetadata {
    if let metadata, now - metadata.at < Self.metadataLife { return metadata.value }
    let address = ProviderMetadata.address(of: configuration)
    let answer = await door.send(
      address.request(), to: address, atMost: ProviderMetadata.largest)
    guard let answer else { throw .unreachable(address.host) }
    guard answer.status == 200 else { throw .wrong(.status(.metadata, code: answer.status)) }
    do throws(ProviderError) {
      let value = try ProviderMetadata(parsing: answer.body, for: configuration)
      metadata = (value, now)
      return value
    } catch {
      throw .wrong(error)
    }
  }

  /// Who has come back with `code`.
  func identity(
    of code: AuthorisationCode, by party: RelyingParty, at now: Int64
  ) async throws(ProviderTrouble) -> Identity {
    let provider = try await describe(at: now)
    let tokens = await door.send(
      party.tokenRequest(for: code, at: provider), to: provider.tokenEndpoint,
      atMost: TokenAnswer.largest)
    guard let tokens else { throw .unreachable(provider.tokenEndpoint.host) }
    let answer: TokenAnswer
    do throws(ProviderError) {
      answer = try TokenAnswer(status: tokens.status, body: tokens.body)
    } catch {
      throw .wrong(error)
    }
    let identity = try await verify(answer, code, party, provider, at: now)
    return try await complete(identity, answer, party, provider)
  }

  private func verify(
    _ answer: TokenAnswer, _ code: AuthorisationCode, _ party: RelyingParty,
    _ provider: ProviderMetadata, at now: Int64
  ) async throws(ProviderTrouble) -> Identity {
    let known = try await fetchKeys(provider, at: now, isUrgent: false)
    do throws(TokenRefusal) {
      return try party.identity(of: answer, for: code, signedBy: known, at: now)
    } catch {
      guard error.asksForFreshKeys else { throw .refused(error) }
    }
    let fresh = try await fetchKeys(provider, at: now, isUrgent: true)
    do throws(TokenRefusal) {
      return try party.identity(of: answer, for: code, signedBy: fresh, at: now)
    } catch {
      throw .refused(error)
    }
  }

  /// The keys that are known, or fresh ones where it is urgent and long enough ago.
  private func fetchKeys(
    _ provider: ProviderMetadata, at now: Int64, isUrgent: Bool
  ) async throws(ProviderTrouble) -> KeySet {
    if let keys, !isUrgent || now - keys.at < Self.keysInterval { return keys.value }
    let answer = await door.send(
      provider.keySetAddress.request(), to: provider.keySetAddress, atMost: KeySet.largest)
    guard let answer else { throw .unreachable(provider.keySetAddress.host) }
    guard answer.status == 200 else { throw .wrong(.status(.keySet, code: answer.status)) }
    do throws(ProviderError) {
      let value = try KeySet(parsing: answer.body)
      keys = (value, now)
      return value
    } catch {
      throw .wrong(error)
    }
  }

  /// Asks for what the token did not say: strict providers put it elsewhere.
  private func complete(
    _ identity: Identity, _ answer: TokenAnswer, _ party: RelyingParty,
    _ provider: ProviderMetadata
  ) async throws(ProviderTrouble) -> Identity {
    let lacksGroups = identity.groups.isEmpty && !configuration.rules.isEmpty
    guard identity.email == nil || lacksGroups, let address = provider.userInfoEndpoint,
      let request = party.userInfoRequest(with: answer, at: provider)
    else { return identity }
    let told = await door.send(request, to: address, atMost: RelyingParty.largestUserInfo)
    guard let told else { throw .unreachable(address.host) }
    do throws(ProviderError) {
      return try party.completing(identity, status: told.status, body: told.body)
    } catch {
      throw .wrong(error)
    }
  }
}

/// Why nobody can be told who they are. The texts are for the operator.
enum ProviderTrouble: Error, Hashable, CustomStringConvertible {
  /// No answer came in time, or not over a connection that can be trusted.
  case unreachable(String)
  /// What it publishes or answers cannot be used.
  case wrong(ProviderError)
  /// Its token is not to be believed.
  case refused(TokenRefusal)

  var description: String {
    switch self {
    case .unreachable(let host):
      "No answer came from \(host) in time, or its certificate is not trusted here."
    case .wrong(let error): "\(error)"
    case .refused(let error): "\(error)"
    }
  }
}
