package dev.halcyon.proxy.control;

import dev.halcyon.proxy.wire.Outbound;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.DomainSocketReadMode;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A listening socket for another process of this host to take, by its descriptor. It is offered on
 * a Unix socket in a folder that nobody but its owner can enter. The connection over which it was
 * taken stays: when it is closed, the taker has ended, in whatever way.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/unix.7.html">unix(7), SCM_RIGHTS</a>
 */
public final class SocketOffer implements AutoCloseable {
  private final EventLoopGroup group = group();
  private final Path folder;
  private final Path path;
  private final Giver giver;

  private SocketOffer(int descriptor, Runnable takerGone) throws IOException {
    folder =
        Files.createTempDirectory(
            "halcyon-proxy-",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    path = folder.resolve("listener");
    giver = new Giver(descriptor, takerGone);
    new ServerBootstrap()
        .group(group)
        .channel(EpollServerDomainSocketChannel.class)
        .childHandler(giver)
        .bind(new DomainSocketAddress(path.toFile()))
        .syncUninterruptibly();
  }

  /**
   * Offers it once. The offerer keeps its own descriptor.
   *
   * @param takerGone runs when the process that took it has ended, or this is closed
   */
  public static SocketOffer of(int descriptor, Runnable takerGone) throws IOException {
    return new SocketOffer(descriptor, takerGone);
  }

  /** Whether a process has come for it. */
  public boolean isGiven() {
    return giver.given;
  }

  /** Where it is to be taken. */
  public Path path() {
    return path;
  }

  /**
   * Takes what is offered there.
   *
   * @throws IOException if there is nothing, or not in time
   */
  public static Taken take(Path path, Duration patience) throws IOException, InterruptedException {
    var group = group();
    var taken = new CompletableFuture<Integer>();
    try {
      new Bootstrap()
          .group(group)
          .channel(EpollDomainSocketChannel.class)
          .option(UnixChannelOption.DOMAIN_SOCKET_READ_MODE, DomainSocketReadMode.FILE_DESCRIPTORS)
          .handler(new Taker(taken))
          .connect(new DomainSocketAddress(path.toFile()))
          .addListener(
              connected -> {
                if (!connected.isSuccess()) {
                  taken.completeExceptionally(connected.cause());
                }
              });
      return new Taken(taken.get(patience.toMillis(), TimeUnit.MILLISECONDS), group);
    } catch (ExecutionException | TimeoutException failure) {
      end(group);
      throw new IOException("The listening socket was not handed over", failure);
    }
  }

  /** A descriptor of this process, and the tie to the one that has given it. */
  public static final class Taken implements AutoCloseable {
    private final int descriptor;
    private final EventLoopGroup group;

    private Taken(int descriptor, EventLoopGroup group) {
      this.descriptor = descriptor;
      this.group = group;
    }

    public int descriptor() {
      return descriptor;
    }

    /** The giver learns that this process ends. */
    @Override
    public void close() {
      end(group);
    }
  }

  @Override
  public void close() {
    end(group);
    try {
      Files.deleteIfExists(path);
      Files.deleteIfExists(folder);
    } catch (IOException left) {
      throw new IllegalStateException("Left behind: " + folder, left);
    }
  }

  private static void end(EventLoopGroup group) {
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private static EventLoopGroup group() {
    return new MultiThreadIoEventLoopGroup(
        1, new DefaultThreadFactory("halcyon-proxy-offer", true), EpollIoHandler.newFactory());
  }

  /** Gives the first who comes the descriptor. */
  @ChannelHandler.Sharable
  private static final class Giver extends ChannelInboundHandlerAdapter {
    private final int descriptor;
    private final Runnable takerGone;
    private volatile boolean given;

    Giver(int descriptor, Runnable takerGone) {
      this.descriptor = descriptor;
      this.takerGone = takerGone;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      if (given) {
        Outbound.close(context.channel());
        return;
      }
      given = true;
      context.channel().closeFuture().addListener(_ -> takerGone.run());
      context
          .writeAndFlush(new FileDescriptor(descriptor))
          .addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }
  }

  private static final class Taker extends ChannelInboundHandlerAdapter {
    private final CompletableFuture<Integer> taken;

    Taker(CompletableFuture<Integer> taken) {
      this.taken = taken;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (message instanceof FileDescriptor descriptor) {
        taken.complete(descriptor.intValue());
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      taken.completeExceptionally(new IOException("The other process has closed the connection"));
    }
  }
}
