package dev.halcyon.pair.traffic;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A session as HAProxy tells of it in {@code show sess all} (<a
 * href="https://docs.haproxy.org/2.6/management.html#9.3">management guide, 9.3</a>).
 *
 * @param id HAProxy's own, in hexadecimal
 * @param client its address
 * @param server empty before it has one
 * @param port from which HAProxy is connected to the server; 0 before it is
 * @param queued whether it waits for a place at a server
 */
record Conveyed(String id, String client, String server, int port, boolean queued) {
  private static final Pattern HEAD = Pattern.compile("(0x[0-9a-f]+): .*?\\bsource=(\\S+).*");
  private static final Pattern QUEUE = Pattern.compile("(?s).*\\bpend_pos=(?!\\(nil\\))\\S.*");
  private static final Pattern BACKEND =
      Pattern.compile("(?m)^\\s+backend=(\\S+) .*?(?:addr=(\\S+))?\\s*$");
  private static final Pattern SERVER = Pattern.compile("(?m)^\\s+server=(\\S+) ");
  private static final Pattern PORT = Pattern.compile(".*:(\\d{1,5})");

  /** Those of one backend. */
  static List<Conveyed> parse(String answer, String backend) {
    var all = new ArrayList<Conveyed>();
    for (String block : answer.split("\n(?=0x[0-9a-f]+: )", -1)) {
      var head = HEAD.matcher(block.lines().findFirst().orElse(""));
      var back = BACKEND.matcher(block);
      if (head.matches() && back.find() && back.group(1).equals(backend)) {
        all.add(
            new Conveyed(
                head.group(1),
                head.group(2),
                server(block),
                port(back.group(2) == null ? "" : back.group(2)),
                QUEUE.matcher(block).matches()));
      }
    }
    return all;
  }

  private static String server(String block) {
    var server = SERVER.matcher(block);
    return server.find() && !server.group(1).equals("<NONE>") ? server.group(1) : "";
  }

  private static int port(String address) {
    var port = PORT.matcher(address);
    return port.matches() ? Integer.parseInt(port.group(1)) : 0;
  }
}
