package dev.halcyon.testing;

import dev.halcyon.embedded.EmbeddedServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A TCP relay on loopback in front of a server that makes the faults of a network on request.
 *
 * <p>It takes the offer of TLS out of the server's greeting, so that clients which use TLS when
 * offered speak plain text and the relay can read their statements. A request is what a client
 * sends to begin a command; its text is the statement for queries and prepares.
 *
 * <p>Thread-safe.
 */
public final class Relay implements AutoCloseable {
  private final EmbeddedServer server;
  private final int port;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("relay-", 0).factory());
  private final Set<RelaySession> sessions = ConcurrentHashMap.newKeySet();
  private final List<RelayFault> faults = new CopyOnWriteArrayList<>();
  private final List<String> requests = new ArrayList<>();
  private volatile Duration delay = Duration.ZERO;
  private volatile boolean swallowing;
  private volatile boolean closing;
  private @Nullable ServerSocket listener;
  private @Nullable Future<?> accepting;

  private Relay(EmbeddedServer server) throws IOException {
    this.server = server;
    var socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.port = socket.getLocalPort();
    listen(socket);
  }

  public static Relay inFrontOf(EmbeddedServer server) {
    try {
      return new Relay(server);
    } catch (IOException failure) {
      throw new UncheckedIOException("Cannot open a relay", failure);
    }
  }

  /** A condition on the request's text, letter case aside. */
  public static Predicate<String> containing(String part) {
    var lower = part.toLowerCase(Locale.ROOT);
    return text -> text.toLowerCase(Locale.ROOT).contains(lower);
  }

  public int port() {
    return port;
  }

  /** The database's plain url, by way of the relay. */
  public String url(Database database) {
    var direct = ":" + database.server().port() + "/";
    return database.url().replace(direct, ":" + port + "/");
  }

  /** The texts of the requests so far, in order of arrival. */
  public List<String> requests() {
    synchronized (requests) {
      return List.copyOf(requests);
    }
  }

  /** How many clients are connected now. */
  public int connections() {
    return sessions.size();
  }

  /** Cuts every connection now; new ones are accepted. */
  public void cutAll() {
    sessions.forEach(RelaySession::cut);
  }

  /** Cuts the connection at the next such request; the server never sees it. Happens once. */
  public RelayFault cutBeforeRequest(Predicate<String> text) {
    return arm(RelayFault.Moment.BEFORE, text);
  }

  /**
   * The server gets the next such request and runs it to its end; instead of the reply the client
   * sees its connection cut. Happens once.
   */
  public RelayFault cutAfterRequest(Predicate<String> text) {
    return arm(RelayFault.Moment.AT_REPLY, text);
  }

  /** The server gets the next such request, and the connection is cut while it runs. Once. */
  public RelayFault cutDuringRequest(Predicate<String> text) {
    return arm(RelayFault.Moment.AFTER, text);
  }

  /** Every reply comes later by this; zero ends it. */
  public void delay(Duration duration) {
    delay = duration;
  }

  /** Replies are read from the server and thrown away, so that clients wait. */
  public void swallowReplies() {
    swallowing = true;
  }

  /** Replies pass again; those swallowed are lost. */
  public void passReplies() {
    swallowing = false;
  }

  /** New connections are refused as by a machine on which nobody listens. */
  public synchronized void refuseNew() {
    if (listener != null) {
      closeQuietly(listener);
      listener = null;
      // Until the thread has left accept, the kernel may still complete a connection.
      join(accepting);
    }
  }

  /** Ends {@link #refuseNew}. */
  public synchronized void acceptNew() {
    if (listener == null) {
      try {
        var socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        listen(socket);
      } catch (IOException failure) {
        throw new UncheckedIOException("Cannot listen again at port " + port, failure);
      }
    }
  }

  @Override
  public void close() {
    closing = true;
    refuseNew();
    cutAll();
    threads.close();
  }

  Duration delay() {
    return delay;
  }

  boolean swallowing() {
    return swallowing;
  }

  /** Notes the request and gives the fault that strikes it, if one does. */
  @Nullable RelayFault arrived(String text) {
    synchronized (requests) {
      requests.add(text);
    }
    for (var fault : faults) {
      if (fault.strikes(text)) {
        faults.remove(fault);
        return fault;
      }
    }
    return null;
  }

  void ended(RelaySession session) {
    sessions.remove(session);
  }

  private RelayFault arm(RelayFault.Moment moment, Predicate<String> text) {
    var fault = new RelayFault(moment, text);
    faults.add(fault);
    return fault;
  }

  private synchronized void listen(ServerSocket socket) {
    listener = socket;
    accepting = threads.submit(() -> accept(socket));
  }

  private void accept(ServerSocket socket) {
    while (!socket.isClosed()) {
      try {
        open(socket.accept());
      } catch (IOException ending) {
        // The listener was closed, or the server is away: then the client's socket is closed.
      }
    }
  }

  private void open(Socket client) throws IOException {
    RelaySession session;
    try {
      var upstream = new Socket(InetAddress.getLoopbackAddress(), server.port());
      session = new RelaySession(this, client, upstream);
    } catch (IOException failure) {
      client.close();
      throw failure;
    }
    sessions.add(session);
    try {
      threads.execute(session::forwardRequests);
      threads.execute(session::forwardReplies);
    } catch (RejectedExecutionException closed) {
      session.cut();
    }
    if (closing) {
      // Accepted at the last moment, after close has cut all that it saw.
      session.cut();
    }
  }

  private static void join(@Nullable Future<?> task) {
    try {
      if (task != null) {
        task.get();
      }
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted while the relay stopped listening", interruption);
    } catch (ExecutionException failure) {
      throw new AssertionError("The relay failed", failure.getCause());
    }
  }

  static void closeQuietly(AutoCloseable socket) {
    try {
      socket.close();
    } catch (Exception failure) {
      throw new IllegalStateException("Cannot close a socket of the relay", failure);
    }
  }
}
