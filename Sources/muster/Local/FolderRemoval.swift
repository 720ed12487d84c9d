package import EventLoop
import Glibc

/// Takes a folder away with all that is in it.
package enum FolderRemoval {
  /// A cluster's folder has four levels; what is deeper is none of ours.
  private static let deepest = 8

  /// Removes `path` and everything below it. Links are removed, never followed.
  package static func remove(_ path: String) throws(FileError) { try remove(path, depth: 0) }

  private static func remove(_ path: String, depth: Int) throws(FileError) {
    for name in try Files.list(path) {
      let inner = "\(path)/\(name)"
      if isFolder(inner), depth < deepest {
        try remove(inner, depth: depth + 1)
      } else {
        try Files.remove(inner)
      }
    }
    guard unsafe rmdir(path) == 0 else {
      throw FileError(attempt: .remove, path: path, cause: .system(.last))
    }
  }

  private static func isFolder(_ path: String) -> Bool {
    var facts = stat()
    return unsafe lstat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFDIR
  }
}
