import EventLoop
import Glibc

/// The program: finds the command that the words name, and does it.
@main
struct Muster {
  /// All commands.
  static let table = CommandTable(
    [NodeVerb.verb] + AuthorityVerbs.all + ClusterVerbs.all + RecoveryVerbs.all + LocalVerbs.all
      + IncidentVerbs.all + SearchVerbs.all + ViewVerbs.all + DepartmentVerbs.all
      + DirectoryVerbs.all + WebhookVerbs.all + AuditVerbs.all + DescriptionVerbs.all
      + InboxVerbs.all + HomeVerb.all
      + WatchVerb.all + CompletionVerbs.all + ProfileVerbs.all)

  static func main() {
    Terminal.reserveStandardStreams()
    Signals.ignoreBrokenPipes()
    var code = run(Array(CommandLine.arguments.dropFirst()))
    if code == .done, let loss = Terminal.loss {
      Terminal.note("muster: \(loss.message)")
      code = loss.code
    }
    exit(code.rawValue)
  }

  /// What is asked for. Who wants JSON is told in JSON too that the command line is wrong.
  private static func request(_ words: [String]) throws(Failure) -> CommandTable.Request {
    do throws(Failure) {
      return try table.request(words)
    } catch {
      if words.prefix(while: { $0 != "--" }).contains("--json") { ProblemText.print(error) }
      throw error
    }
  }

  private static func run(_ words: [String]) -> ExitCode {
    do throws(Failure) {
      switch try request(words) {
      case .help(let page):
        Terminal.print(page)
        return .done
      case .run(let verb, let invocation):
        // A node has its own way to end.
        if verb.words != NodeVerb.verb.words { Interruption.heed() }
        do throws(Failure) {
          return try verb.run(invocation)
        } catch {
          throw CommandTable.advised(error, of: verb)
        }
      }
    } catch {
      Terminal.note("muster: \(error.message)")
      return error.code
    }
  }
}
