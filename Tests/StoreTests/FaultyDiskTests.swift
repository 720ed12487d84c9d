import FaultyDisk
import Raft
import Store
import Testing

@Suite("A failing disk")
struct FaultyDiskTests {
  @Test(arguments: FaultyDisk.Fault.allCases)
  func `leaves the whole of a batch in the log or nothing of it`(fault: FaultyDisk.Fault) throws {
    let disk = FaultyDisk(name: "faulty-log-\(fault)")
    let before = [Entry.at(1), .at(2), .at(3)]
    let after = [Entry.at(1), .at(2, term: 2), .at(3, term: 2)]
    let vote = HardState(term: Term(rawValue: 2), vote: NodeID(rawValue: 2))
    var succeeded = false
    var timesFull = 0
    for count in 0..<40 where !succeeded {
      disk.revive()
      let folder = try Folder()
      do {
        var store = try LogStore.open(
          folder: folder.path, identity: .first, system: disk.name)
        try store.persist([
          .of(before, hardState: HardState(term: Term(rawValue: 1), vote: nil))
        ])
        disk.arm(after: count, with: fault)
        let batches = [
          PersistBatch.of([after[1]], truncateFrom: 2, hardState: vote), .of([after[2]]),
        ]
        do throws(StoreError) {
          try store.persist(batches)
          succeeded = !disk.disarm()
        } catch {
          disk.disarm()
          // Without room nothing was changed, and the same batches may be given again.
          if error == .diskFull {
            try store.persist(batches)
            timesFull += 1
          }
        }
      }
      let recovered = try LogStore.open(folder: folder.path, identity: .first).recovered
      if recovered.hardState == vote {
        #expect(recovered.log == LogRecovery(entries: after), "failed after \(count)")
      } else {
        #expect(recovered.log == LogRecovery(entries: before), "failed after \(count)")
      }
    }
    #expect(succeeded)
    #expect(timesFull > 0 || fault != .full)
  }

  @Test(arguments: [FaultyDisk.Fault.full, .write])
  func `while the files are made leaves them whole or ready to be made`(
    fault: FaultyDisk.Fault
  ) throws {
    let disk = FaultyDisk(name: "faulty-birth-\(fault)")
    var succeeded = false
    for count in stride(from: 0, to: 600, by: 7) where !succeeded {
      disk.revive()
      let folder = try Folder()
      disk.arm(after: count, with: fault)
      do throws(StoreError) {
        let log = try LogStore.open(folder: folder.path, identity: .first, system: disk.name)
        _ = try StateStore.open(
          folder: folder.path, identity: .first, recovered: log.recovered, system: disk.name)
        succeeded = !disk.disarm()
      } catch {
        disk.disarm()
      }
      let log = try LogStore.open(folder: folder.path, identity: .first)
      #expect(log.recovered.log == .empty, "failed after \(count)")
      let state = try StateStore.open(
        folder: folder.path, identity: .first, recovered: log.recovered)
      #expect(state.applied == .start, "failed after \(count)")
    }
    #expect(succeeded)
  }
}
