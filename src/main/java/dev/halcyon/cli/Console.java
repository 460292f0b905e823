package dev.halcyon.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Where the program speaks: results on standard output, progress and errors on standard error; with
 * {@code --json} everything on standard output.
 *
 * @param columns the terminal's width, 0 when standard error is no terminal
 */
record Console(PrintStream out, PrintStream err, int columns) {

  /** The process's own streams, in UTF-8. The launcher tells whether there is a terminal. */
  static Console ofProcess() {
    return new Console(
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8),
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
        Integer.getInteger("halcyon.columns", 0));
  }

  boolean isTerminal() {
    return columns > 0;
  }
}
