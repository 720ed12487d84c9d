// swift-tools-version: 6.2
import PackageDescription

/// What every target of Muster is compiled with: Swift 6, warnings as errors, unsafe code marked.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
  .strictMemorySafety(),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

/// A room of the house: what it may import is written here and held by `Tests/TidyTests`.
///
/// - Parameter settings: What it is compiled with.
func room(
  _ name: String, imports: [Target.Dependency] = [], settings: [SwiftSetting] = strict
) -> Target {
  .target(name: name, dependencies: imports, swiftSettings: settings)
}

/// The tests of a room.
///
/// - Parameter fixtures: Folders of files that the tests read from the source tree.
func tests(
  of name: String, imports: [Target.Dependency] = [], fixtures: [String] = []
) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.target(name: name)] + imports, exclude: fixtures,
    swiftSettings: strict)
}

/// Deliberate faults, by which the simulation shows what it finds; never in a release.
let sabotage = strict + [.define("SABOTAGE", .when(configuration: .debug))]

/// What only simulations are made of. It stands with the tests, and is no part of the program.
func simulation(_ name: String, path: String, imports: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: imports, path: path, swiftSettings: sabotage)
}

/// A command that runs simulations.
func simulator(_ name: String, path: String, imports: [Target.Dependency]) -> Target {
  .executableTarget(name: name, dependencies: imports, path: path, swiftSettings: sabotage)
}

let package = Package(
  name: "Muster",
  products: [.executable(name: "muster", targets: ["muster"])],
  targets: [
    // The system's own libraries, ground floor.
    .systemLibrary(
      name: "CSQLite", path: "Sources/System/CSQLite", pkgConfig: "sqlite3",
      providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(
      name: "COpenSSL", path: "Sources/System/COpenSSL", pkgConfig: "openssl",
      providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CLinux", path: "Sources/System/CLinux"),

    // Pure: values in, values out.
    room("Bytes"),
    room("Incidents", imports: ["Bytes"]),
    room("Raft", imports: ["Bytes"], settings: sabotage),
    room("HTTP"),
    room("JSON"),
    room("CSV"),
    room("Directory", imports: ["Bytes", "Incidents", "JSON", "CSV"]),

    // Hands: threads, files, sockets.
    room("EventLoop", imports: ["CLinux"]),
    room("SQLite", imports: ["CSQLite"]),
    room("Crypto", imports: ["COpenSSL"]),
    room("TLS", imports: ["COpenSSL", "CLinux", "EventLoop"]),

    // The house.
    room("Store", imports: ["Bytes", "Incidents", "Raft", "SQLite", "Crypto", "EventLoop"]),
    room("Replication", imports: ["Bytes", "Raft", "Store", "TLS", "EventLoop"]),
    room("Access", imports: ["Bytes", "Incidents", "Crypto", "Store"]),
    room("OpenID", imports: ["Bytes", "HTTP", "JSON", "Crypto"]),
    room(
      "Gateway",
      imports: [
        "Bytes", "Incidents", "Directory", "Raft", "HTTP", "JSON", "CSV", "TLS", "EventLoop",
        "Crypto",
        "Store",
        "Access", "Replication", "OpenID",
      ]),
    room(
      "Notifier",
      imports: [
        "Bytes", "Incidents", "HTTP", "JSON", "TLS", "EventLoop", "Crypto", "Store", "Access",
        "Replication",
      ]),
    room(
      "Setup", imports: ["Bytes", "Incidents", "JSON", "Crypto", "TLS", "OpenID", "Gateway"]),
    .executableTarget(
      name: "muster",
      dependencies: [
        "Bytes", "Incidents", "Raft", "HTTP", "JSON", "CSV", "EventLoop", "Crypto", "TLS", "Store",
        "Replication",
        "Access", "Gateway", "OpenID", "Notifier", "Setup",
      ],
      swiftSettings: strict),

    simulation("FaultyDisk", path: "Tests/FaultyDisk", imports: ["CSQLite"]),
    simulation(
      "Simulation", path: "Tests/Simulation",
      imports: [
        "Bytes", "Incidents", "Raft", "Replication", "SQLite", "Store", "EventLoop", "FaultyDisk",
      ]),
    simulator("simulate", path: "Tests/Simulate", imports: ["Simulation"]),
    simulator(
      "fill", path: "Tests/Fill",
      imports: ["Bytes", "Incidents", "Raft", "EventLoop", "Store", "Access"]),

    simulator(
      "cost", path: "Tests/Cost",
      imports: ["Bytes", "Incidents", "Raft", "EventLoop", "Store"]),

    // What bytes of strangers are given to: by every test run the ones that were found, and by
    // Cluster/fuzz new ones.
    .target(
      name: "FuzzSubjects",
      dependencies: [
        "Bytes", "CSV", "Gateway", "HTTP", "Incidents", "JSON", "Replication", "Setup",
      ],
      path: "Tests/Fuzz", swiftSettings: strict),
    .testTarget(
      name: "FuzzTests", dependencies: ["FuzzSubjects", "EventLoop"], exclude: ["Corpus"],
      swiftSettings: strict),

    // An identity provider that others wrote, for the tests of signing in.
    .target(
      name: "TestProvider", dependencies: ["HTTP"], path: "Tests/TestProvider",
      exclude: ["provider.py", "requirements.txt"], swiftSettings: strict),

    // A receiver of webhooks, for the tests of what is posted.
    .target(
      name: "TestReceiver", dependencies: ["Crypto", "EventLoop", "HTTP", "TLS"],
      path: "Tests/TestReceiver", swiftSettings: strict),

    tests(of: "Bytes"),
    tests(of: "Incidents", imports: ["Bytes"], fixtures: ["Golden"]),
    tests(of: "Raft", imports: ["Bytes"]),
    tests(of: "HTTP"),
    tests(of: "JSON"),
    tests(of: "CSV"),
    tests(of: "Directory", imports: ["Bytes", "Incidents", "JSON"]),
    tests(of: "EventLoop"),
    tests(of: "SQLite"),
    tests(of: "Crypto"),
    tests(of: "TLS", imports: ["Crypto", "EventLoop"]),
    tests(
      of: "Store",
      imports: ["Bytes", "Incidents", "Raft", "SQLite", "Crypto", "EventLoop", "FaultyDisk"],
      fixtures: ["Golden"]),
    tests(
      of: "Replication",
      imports: ["Bytes", "Incidents", "Raft", "SQLite", "Store", "Crypto", "EventLoop"]),
    tests(
      of: "OpenID", imports: ["HTTP", "JSON", "Crypto", "COpenSSL", "TestProvider"]),
    tests(
      of: "Notifier",
      imports: ["Access", "Bytes", "EventLoop", "HTTP", "Incidents", "TestReceiver"]),
    tests(of: "Access", imports: ["Bytes", "Incidents", "Crypto", "Store", "EventLoop"]),
    tests(
      of: "Gateway",
      imports: [
        "Bytes", "Incidents", "Raft", "HTTP", "JSON", "EventLoop", "Crypto", "TLS", "Store",
        "Access", "Replication", "OpenID", "Notifier", "TestProvider", "TestReceiver",
      ],
      fixtures: ["Alertmanager"]),
    tests(of: "Setup", imports: ["EventLoop", "Gateway", "JSON"]),
    .testTarget(
      name: "MusterTests",
      dependencies: [
        "muster", "Bytes", "Incidents", "JSON", "Crypto", "TLS", "EventLoop", "Access", "Store",
        "Gateway", "HTTP", "Setup", "TestReceiver",
      ],
      exclude: ["Golden"],
      swiftSettings: strict),
    .testTarget(
      name: "SimulationTests", dependencies: ["Simulation", "EventLoop"], swiftSettings: sabotage),
    .testTarget(
      name: "TidyTests", dependencies: ["EventLoop"], exclude: ["guidance.txt"],
      swiftSettings: strict),
    .testTarget(
      name: "ClusterTests",
      dependencies: [
        "muster", "HTTP", "JSON", "TLS", "EventLoop", "Incidents", "SQLite", "Store", "Simulation",
        "Setup", "TestReceiver",
      ],
      swiftSettings: strict),
  ]
)

// It has no `main` but libFuzzer's, so nothing else builds it.
if Context.environment["MUSTER_FUZZ"] != nil {
  package.targets.append(
    .executableTarget(
      name: "fuzz", dependencies: ["FuzzSubjects"], path: "Tests/FuzzEntry",
      swiftSettings: [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]))
}
