package dev.halcyon.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.halcyon.mysql.ConnectionSettings;
import dev.halcyon.mysql.Fault;
import dev.halcyon.mysql.Server;
import dev.halcyon.mysql.Session;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import tools.jackson.databind.json.JsonMapper;

/**
 * A version of the demonstration's web application, as a process of its own: lists users with their
 * addresses, adds them, and ends with the process that it was started for.
 *
 * <p>{@code GET /users}, {@code GET /users/7}, {@code POST /users} with a form of name and line1,
 * {@code GET /health}.
 */
public final class UserService {
  private static final int THREADS = 8;
  private static final int DEADLOCK_TRIES = 5;
  private static final int DEADLOCK = 1213;
  private static final int FAILS_EVERY = 10;

  private final BlockingQueue<Session> sessions = new ArrayBlockingQueue<>(THREADS);
  private final JsonMapper json = new JsonMapper();
  private final AtomicLong requests = new AtomicLong();
  private final UserStore store;
  private final Flaw flaw;

  private UserService(Server server, UserStore store, Flaw flaw) {
    this.store = store;
    this.flaw = flaw;
    for (int i = 0; i < THREADS; i++) {
      sessions.add(server.open("demo service"));
    }
  }

  /** What is wrong with a version. */
  enum Flaw {
    NONE,
    /** It forgets the addresses. */
    BLIND,
    /** One request in ten fails. */
    FLAKY
  }

  /**
   * @param arguments its version (1 or 2), the port, the flaw, the process to live with, the
   *     database's url, user and password
   */
  public static void main(String... arguments) throws IOException {
    // The JDK's server answers 40 ms later without it.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    ProcessHandle.of(Long.parseLong(arguments[3]))
        .ifPresentOrElse(
            owner -> {
              var _ = owner.onExit().thenRun(() -> Runtime.getRuntime().halt(0));
            },
            () -> Runtime.getRuntime().halt(0));
    var server = Server.connect(new ConnectionSettings(arguments[4], arguments[5], arguments[6]));
    var store = arguments[0].equals("1") ? new UserStore.Old() : new UserStore.New();
    var service = new UserService(server, store, Flaw.valueOf(arguments[2]));
    service.listen(Integer.parseInt(arguments[1]));
  }

  private void listen(int port) throws IOException {
    var listener =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
    listener.setExecutor(Executors.newFixedThreadPool(THREADS));
    listener.createContext("/", this::handle);
    listener.start();
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    boolean health = path.equals("/health");
    int status = 200;
    Object answer = Map.of();
    if (!health && flaw == Flaw.FLAKY && requests.incrementAndGet() % FAILS_EVERY == 0) {
      status = 500;
    } else if (!health) {
      try {
        answer = answer(exchange.getRequestMethod(), path, body);
      } catch (RuntimeException failure) {
        status = 500;
        answer = Map.of("error", String.valueOf(failure.getMessage()));
      }
    }
    byte[] bytes = json.writeValueAsBytes(answer);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    try (var out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  private Object answer(String method, String path, String body) {
    if (method.equals("POST")) {
      var form = form(body);
      String name = form.getOrDefault("name", "nobody");
      String line = form.getOrDefault("line1", "");
      return Map.of("id", with(session -> store.add(session, name, line)));
    }
    String id = path.replaceFirst("^/users/?", "");
    var users =
        id.isEmpty()
            ? with(session -> store.latest(session))
            : with(session -> store.one(session, Long.parseLong(id)));
    return Map.of(
        "users",
        flaw == Flaw.BLIND
            ? users.stream().map(user -> Map.of("id", user.id(), "name", user.name())).toList()
            : users);
  }

  /** On a session of the pool; the victim of a deadlock begins again, as any application should. */
  private <T> T with(Function<Session, T> work) {
    Session session;
    try {
      session = sessions.take();
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for a session", interruption);
    }
    try {
      for (int i = 1; ; i++) {
        try {
          return work.apply(session);
        } catch (Fault.Transient fault) {
          if (fault.code() != DEADLOCK || i == DEADLOCK_TRIES) {
            throw fault;
          }
        }
      }
    } finally {
      sessions.add(session);
    }
  }

  private static Map<String, String> form(String body) {
    var fields = new HashMap<String, String>();
    for (String part : body.split("&", -1)) {
      int equals = part.indexOf('=');
      if (equals > 0) {
        fields.put(
            part.substring(0, equals),
            URLDecoder.decode(part.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
    return fields;
  }
}
