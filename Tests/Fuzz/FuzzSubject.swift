import Bytes
import CSV
import Gateway
import HTTP
import Incidents
import JSON
import Replication
import Setup

/// What bytes of a stranger are given to. Whatever they are, each either reads them or says what is wrong
/// with them; a trap is a fault. What has a binary form has exactly one.
package enum FuzzSubject: String, CaseIterable, Sendable {
  /// A client's connection: requests, in two pieces.
  case request
  /// What a webhook or an identity provider answers.
  case response
  case json
  case csv
  /// The codec of commands, as the log has them.
  case command
  /// The codec of events, as the ledger has them.
  case event
  /// What comes over a peer's connection.
  case frame
  /// What Alertmanager posts.
  case alerts
  /// A `node.json`, which a slip of the pen must not stop with less than a sentence.
  case nodeFile

  /// Gives bytes to it.
  package func take(_ bytes: [UInt8]) {
    switch self {
    case .request: Self.requests(bytes)
    case .response: Self.responses(bytes)
    case .json: _ = try? JSONValue(parsing: bytes)
    case .csv:
      var reader = CSVReader(bytes)
      _ = try? reader.rows()
    case .command:
      guard let command = try? Command(decoding: bytes) else { return }
      precondition(command.encoded() == bytes, "A command has two forms.")
    case .event:
      guard let event = try? Event(decoding: bytes) else { return }
      precondition(event.encoded() == bytes, "An event has two forms.")
      _ = event.sentence(by: .system, names: Names { _, _ in nil })
    case .frame:
      guard let frame = try? PeerFrame(decoding: bytes) else { return }
      precondition(frame.encoded() == bytes, "A frame has two forms.")
    case .alerts:
      var body = BodyReader(bytes)
      _ = try? AlertmanagerWebhook(&body)
    case .nodeFile: Self.nodeFile(bytes)
    }
  }

  /// Cut at every place, the same requests come of the same bytes: here at one that they choose.
  private static func requests(_ bytes: [UInt8]) {
    let cut = bytes.isEmpty ? 0 : Int(bytes[bytes.count / 2]) % (bytes.count + 1)
    var (whole, pieces) = (RequestParser(), RequestParser())
    whole.receive(bytes)
    pieces.receive(bytes[..<cut])
    let first = steps(&pieces)
    pieces.receive(bytes[cut...])
    let cutUp = first.isEnded ? first.told : first.told + steps(&pieces).told
    precondition(steps(&whole).told == cutUp, "Where they are cut makes other requests of them.")
  }

  private static func steps(_ parser: inout RequestParser) -> (told: [String], isEnded: Bool) {
    var told: [String] = []
    while true {
      do throws(HTTPError) {
        switch try parser.next() {
        case .request(let request):
          told.append("\(request.method) \(request.path) \(request.body.count)")
        case .continueExpected: continue
        case nil: return (told, false)
        }
      } catch {
        return (told + ["refused"], true)
      }
    }
  }

  private static func nodeFile(_ bytes: [UInt8]) {
    let lines = bytes.count { $0 == UInt8(ascii: "\n") } + 1
    do throws(ConfigurationError) {
      let file = try NodeFile(bytes) { $0.count % 2 == 0 ? Array("a secret\n".utf8) : nil }
      precondition(file.members.contains { $0.node == file.node }, "It is none of the members.")
    } catch {
      precondition((1...lines).contains(error.line), "Line \(error.line) is not in the file.")
    }
  }

  private static func responses(_ bytes: [UInt8]) {
    var parser = ResponseParser()
    parser.receive(bytes)
    while let found = try? parser.next(answering: .get) { _ = found }
    _ = try? parser.finish()
  }
}
