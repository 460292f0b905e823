package dev.halcyon.proxy.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** TLS as the proxy speaks it towards one server. Thread-safe. */
public final class ServerEnd {
  /** No TLS. */
  public static final ServerEnd NONE =
      new ServerEnd(null, false, InetSocketAddress.createUnresolved("none", 0), Runnable::run);

  private final @Nullable SslContext context;
  private final boolean required;
  private final InetSocketAddress server;
  private final Executor workers;

  ServerEnd(
      @Nullable SslContext context, boolean required, InetSocketAddress server, Executor workers) {
    this.context = context;
    this.required = required;
    this.server = server;
    this.workers = workers;
  }

  /** Whether a server that offers no TLS is refused. */
  public boolean required() {
    return required;
  }

  /** For one connection; empty if the proxy speaks no TLS towards servers. */
  public Optional<SslHandler> handler(ByteBufAllocator buffers) {
    if (context == null) {
      return Optional.empty();
    }
    return Optional.of(
        context.newHandler(buffers, server.getHostString(), server.getPort(), workers));
  }
}
