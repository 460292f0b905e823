package dev.halcyon.house;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** The project's Java files as the compiler parses them. */
final class Sources {
  private Sources() {}

  /** A type or a method and the lines that it takes. */
  record Piece(Path file, String name, boolean method, int firstLine, int lastLine) {
    int lines() {
      return lastLine - firstLine + 1;
    }

    @Override
    public String toString() {
      return file + ":" + firstLine;
    }
  }

  static List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(Path.of("src"))) {
      return all.filter(path -> path.toString().endsWith(".java")).sorted().toList();
    }
  }

  /** Every type and every method of every file. */
  static List<Piece> pieces() throws IOException {
    var compiler = ToolProvider.getSystemJavaCompiler();
    try (var manager = compiler.getStandardFileManager(null, null, null)) {
      var task =
          (JavacTask)
              compiler.getTask(
                  null,
                  manager,
                  null,
                  List.of("-proc:none"),
                  null,
                  manager.getJavaFileObjectsFromPaths(files()));
      var pieces = new ArrayList<Piece>();
      for (CompilationUnitTree unit : task.parse()) {
        new Collector(unit, Trees.instance(task), pieces).scan(unit, null);
      }
      return pieces;
    }
  }

  private static final class Collector extends TreeScanner<Void, Void> {
    private final CompilationUnitTree unit;
    private final Trees trees;
    private final List<Piece> pieces;

    Collector(CompilationUnitTree unit, Trees trees, List<Piece> pieces) {
      this.unit = unit;
      this.trees = trees;
      this.pieces = pieces;
    }

    @Override
    public Void visitClass(ClassTree type, Void nothing) {
      add(type, type.getSimpleName().toString(), false);
      return super.visitClass(type, null);
    }

    @Override
    public Void visitMethod(MethodTree method, Void nothing) {
      add(method, method.getName().toString(), true);
      return super.visitMethod(method, null);
    }

    private void add(Tree tree, String name, boolean method) {
      var positions = trees.getSourcePositions();
      long start = positions.getStartPosition(unit, tree);
      long end = positions.getEndPosition(unit, tree);
      if (start >= 0 && end >= 0) {
        var lines = unit.getLineMap();
        pieces.add(
            new Piece(
                Path.of(unit.getSourceFile().getName()),
                name,
                method,
                (int) lines.getLineNumber(start),
                (int) lines.getLineNumber(end)));
      }
    }
  }
}
