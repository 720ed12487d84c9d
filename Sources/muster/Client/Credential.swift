import Access
package import HTTP
import JSON

/// What a command shows to say who asks.
package enum Credential: Hashable, Sendable {
  /// A token: mst_ and 43 characters.
  case token(String)
  /// The secret of the session of somebody who signed in with a password or a code.
  case session(String)
  /// Nothing: whoever asks has yet to sign in. The mark of this machine, if it was given one, tells
  /// the cluster that it is none of the guessers.
  case stranger(device: String?)

  /// Says it in the fields of a request.
  package func add(to fields: inout Fields) {
    switch self {
    case .token(let token): fields.append("Authorization", "Bearer \(token)")
    case .session(let secret): fields.append("Cookie", "\(Cookie.session.rawValue)=\(secret)")
    case .stranger(let device?): fields.append("Cookie", "\(Cookie.device.rawValue)=\(device)")
    case .stranger(nil): break
    }
  }
}

/// Where the nodes are, whom to trust, who asks, and what whoever does can do when that is not enough.
struct Standing: Sendable {
  /// The nodes, as `--endpoint` lists them.
  var endpoints: String
  /// The path of the authority's PEM file.
  var authority: String
  /// Who asks.
  var credential: Credential
  /// What to say where the cluster does not know who asks, in whole sentences.
  var renewal: String
}

/// What somebody signs in with.
enum SignInSecret: Hashable, Sendable {
  case password(String)
  case code(String)
}

/// What came of signing in.
struct SignedIn: Hashable, Sendable {
  /// The secret of the session.
  let session: String
  /// When it ends at the latest, as the interface writes it.
  let endsAt: String
  /// The mark by which this machine is known from then on.
  let device: String?
}

extension Client {
  /// Signs in: a session begins.
  mutating func signIn(
    _ account: String, with secret: SignInSecret
  ) throws(Failure) -> SignedIn {
    var json = JSONWriter()
    json.beginObject()
    json.member("account", account)
    switch secret {
    case .password(let text): json.member("password", text)
    case .code(let text): json.member("code", text)
    }
    json.endObject()
    let (reply, cookies) = try writeForCookies("/v1/sign-in", json.bytes)
    guard let session = Self.value(of: .session, in: cookies) else {
      throw Failure(
        .unknown, "The node signed you in and gave no session. Sign in again with muster login.")
    }
    return SignedIn(
      session: session, endsAt: reply.result?["endsAt"]?.text ?? "",
      device: Self.value(of: .device, in: cookies))
  }

  /// The value that a Set-Cookie field sets.
  private static func value(of cookie: Cookie, in fields: [String]) -> String? {
    for field in fields {
      let pair = field.prefix { $0 != ";" }
      if let value = cookie.value(in: Array(pair.utf8)[...]) { return value }
    }
    return nil
  }
}
