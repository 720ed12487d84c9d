import Directory
import Incidents
import Testing

@Suite("A document of the directory")
struct DocumentTests {
  private static let heading =
    "kind,id,name,email,timeZone,contact1,contact2,contact3,contact4,contact5,line,key,firstLine,"
    + "secondLine,thirdLine,owner,defaultPriority,team,person,role"

  private let small = DirectoryDocument(
    people: [
      PersonRow(
        id: "P-1", name: "Ada, \"Countess\"", email: "ada@example.org", zone: .london,
        contacts: [ContactMethod(.sms, "+447700900123"), ContactMethod(.email, "a@home.example")])
    ],
    teams: [TeamRow(id: "T-1", name: "Live Services", support: .second)],
    memberships: [MembershipRow(team: "T-1", person: "P-1", role: .teamLead)],
    services: [
      ServiceRow(
        id: "S-1", key: "pay", name: "Payments", secondLine: "T-1", owner: "P-1",
        defaultPriority: .p3)
    ])

  private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  private func mistakes(csv lines: String...) -> [DirectoryMistake] {
    do throws(DirectoryMistakes) {
      _ = try DirectoryDocument(csv: Array(lines.joined(separator: "\n").utf8))
      return []
    } catch {
      return error.list
    }
  }

  private func mistakes(json: String) -> [DirectoryMistake] {
    do throws(DirectoryMistakes) {
      _ = try DirectoryDocument(json: Array(json.utf8))
      return []
    } catch {
      return error.list
    }
  }

  @Test func `is one table as CSV`() {
    #expect(
      text(small.csv()) == """
        \(Self.heading)\r
        person,P-1,"Ada, ""Countess""\",ada@example.org,Europe/London,sms:+447700900123,\
        email:a@home.example,,,,,,,,,,,,,\r
        team,T-1,Live Services,,,,,,,,second,,,,,,,,,\r
        membership,,,,,,,,,,,,,,,,,T-1,P-1,team-lead\r
        service,S-1,Payments,,,,,,,,,pay,,T-1,,P-1,P3,,,\r\n
        """)
  }

  @Test func `is a list for each kind as JSON`() {
    #expect(
      text(small.json()) == #"""
        {
          "people": [
            {"id":"P-1","name":"Ada, \"Countess\"","email":"ada@example.org","timeZone":"Europe/London","contacts":["sms:+447700900123","email:a@home.example"]}
          ],
          "teams": [
            {"id":"T-1","name":"Live Services","line":"second"}
          ],
          "memberships": [
            {"team":"T-1","person":"P-1","role":"team-lead"}
          ],
          "services": [
            {"id":"S-1","name":"Payments","key":"pay","secondLine":"T-1","owner":"P-1","defaultPriority":"P3"}
          ]
        }

        """#)
    #expect(
      text(DirectoryDocument().json())
        == "{\n  \"people\": [],\n  \"teams\": [],\n  \"memberships\": [],\n  \"services\": []\n}\n"
    )
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `is the same bytes once read and written again`(seed: UInt64) throws {
    var random = SplitMix(state: seed)
    let document = DirectoryDocument.chance(&random)
    let fromCSV = try DirectoryDocument(csv: document.csv())
    let fromJSON = try DirectoryDocument(json: document.json())
    #expect(fromCSV.csv() == document.csv(), "seed \(seed)")
    #expect(fromJSON.json() == document.json(), "seed \(seed)")
    #expect(fromCSV.json() == document.json(), "seed \(seed)")
    #expect(fromJSON.csv() == document.csv(), "seed \(seed)")
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func `that was damaged is read or told, and never a trap`(seed: UInt64) {
    var random = SplitMix(state: seed)
    let document = DirectoryDocument.chance(&random)
    for _ in 0..<20 {
      var (csv, json) = (document.csv(), document.json())
      csv[Int.random(in: csv.indices, using: &random)] = .random(in: 0...255, using: &random)
      json[Int.random(in: json.indices, using: &random)] = .random(in: 0...255, using: &random)
      do throws(DirectoryMistakes) {
        let read = try DirectoryDocument(csv: csv)
        #expect((try? DirectoryDocument(csv: read.csv()))?.csv() == read.csv())
      } catch {
        #expect(!error.isEmpty)
      }
      do throws(DirectoryMistakes) {
        let read = try DirectoryDocument(json: json)
        #expect((try? DirectoryDocument(json: read.json()))?.json() == read.json())
      } catch {
        #expect(!error.isEmpty)
      }
    }
  }

  @Test func `knows its lines, and passes over empty rows`() throws {
    let csv =
      Self.heading + "\n" + String(repeating: ",", count: 19) + "\n"
      + "team,T-1,Live,,,,,,,,second,,,,,,,,,\n"
    let read = try DirectoryDocument(csv: Array(csv.utf8))
    #expect(read.teams == [TeamRow(line: 3, id: "T-1", name: "Live", support: .second)])
    #expect(try DirectoryDocument(json: small.json()).services[0].line == 12)
  }

  @Test func `may have its columns in any order`() throws {
    let rows = text(small.csv()).split(separator: "\r\n").dropFirst(2).map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    let head = Self.heading.split(separator: ",")
    let turned = ([head] + rows).map { $0.reversed().joined(separator: ",") }
    let read = try DirectoryDocument(csv: Array(turned.joined(separator: "\n").utf8))
    #expect(read.services.map(\.key) == ["pay"])
    #expect(read.memberships.map(\.role) == [.teamLead])
  }

  @Test func `tells all that is wrong with a table, by line`() {
    let told = mistakes(
      csv: Self.heading, "person,P-1,,a@example.org,,,,,,,,,,,,,,,,",
      "person,P-2,Bo,bo@example.org,Mars,pigeon,,,,,,,,,,,,,,", "ghost,,,,,,,,,,,,,,,,,,,",
      "team,T-1,Live,,,,,,,,fourth,,,,,,,,,", "team,T-2,Two,x@y,,,,,,,second,,,,,,,,,",
      "team,T-2,Two,,,,,,,,second,,,,,,,,,", "membership,,,,,,,,,,,,,,,,,T-2,P-2,boss",
      "service,S-1,Pay,,,,,,,,,pay,,,,,P9,,,", "team,T-3,Three,,,,,,,,second,,,,,,,,,,")
    #expect(told.map(\.line) == [2, 3, 3, 4, 5, 6, 7, 8, 9, 10])
    #expect(told[0].detail == "Give the name of this person.")
    #expect(told[1].detail.hasPrefix("timeZone \"Mars\" is none of UTC, Europe/London"))
    #expect(told[2].detail.hasPrefix("The contact \"pigeon\" does not begin with"))
    #expect(
      told[3].detail == "The kind \"ghost\" is none of person, team, membership, service.")
    #expect(told[5].detail == "A team has no email. Empty that cell.")
    #expect(
      told[6].detail == "The team T-2 is described already in line 6. Keep one of the two.")
    #expect(
      told[9].detail.hasSuffix("cannot be read: the number of fields is 21 and should be 20."))
  }

  @Test func `needs the names of its columns`() {
    #expect(
      mistakes(csv: "").first?.detail.hasPrefix("The first row lacks the columns kind, id") == true)
    let strange = mistakes(
      csv: Self.heading + ",shoeSize", "person" + String(repeating: ",", count: 20))
    #expect(strange == [DirectoryMistake(line: 1, "No column is called shoeSize. Take it out.")])
    let lacking = mistakes(csv: Self.heading.replacing(",contact5", with: ""))
    #expect(
      lacking == [
        DirectoryMistake(
          line: 1, "The first row lacks the columns contact5. Add them; they may be empty.")
      ])
  }

  @Test func `tells all that is wrong with a JSON text, by line`() {
    let told = mistakes(
      json: """
        {"people": [
          {"id": "P-1", "name": "Al", "email": 5, "age": 7},
          4,
          {"id": "P-2", "name": "Bo", "email": "bo@example.org", "contacts": ["sms:1", 2]}
        ], "teams": [], "cats": [],
        "memberships": {}}
        """)
    #expect(
      told == [
        DirectoryMistake(line: 1, "\"services\" is missing. If there are none, write []."),
        DirectoryMistake(line: 2, "email must be a text."),
        DirectoryMistake(line: 2, "A person has no \"age\". Take it out."),
        DirectoryMistake(line: 2, "Give the email of this person."),
        DirectoryMistake(line: 3, "Each of \"people\" must be an object."),
        DirectoryMistake(
          line: 4, "Each of contacts must be a text, such as sms:+447700900123."),
        DirectoryMistake(line: 5, "\"cats\" is no list of a directory. Take it out."),
        DirectoryMistake(line: 6, "\"memberships\" must be a list."),
      ])
    #expect(mistakes(json: "[]").map(\.line) == [1])
    #expect(mistakes(json: "{\n\"people\":").map(\.line) == [2])
  }

  @Test func `counts the mistakes that it does not tell`() {
    let rows = String(repeating: "ghost,,,,,,,,,,,,,,,,,,,\n", count: 130)
    do throws(DirectoryMistakes) {
      _ = try DirectoryDocument(csv: Array((Self.heading + "\n" + rows).utf8))
      Issue.record("It was read.")
    } catch {
      #expect(error.list.count == DirectoryMistakes.most && error.untold == 30)
    }
  }
}
