using Akka.Actor;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.SecretStream.Noise;

namespace Hyper.Actors.Networking.Rpc;

/// <summary>What an RPC server is told and what it tells its owner.</summary>
public static class RpcServerProtocol
{
    /// <summary>An order to the server.</summary>
    public interface ICommand;

    /// <summary>A fact; its sender is the server.</summary>
    public interface IEvent;

    /// <summary>Offers a method on every connection, present and future.</summary>
    public sealed record Serve(ServedMethod Method) : ICommand;

    /// <summary>Makes a method unknown on every connection.</summary>
    public sealed record Withdraw(string Method) : ICommand;

    /// <summary>
    /// Serves the remote of a connection: a <see cref="Connections.ConnectionActor"/> and the keys it is established with.
    /// The connection must have been told <see cref="RpcChannels.Listening"/> before its first packet, or the remote's open is rejected.
    /// </summary>
    /// <param name="Connection">The connection.</param>
    /// <param name="Session">Its keys.</param>
    /// <param name="OpensAtOnce">As servers do on connections that they accepted; otherwise the remote's open is waited for.</param>
    public sealed record Attach(IActorRef Connection, NoiseResult Session, bool OpensAtOnce) : ICommand;

    /// <summary>Serves whoever is connected and stops when the last of them has gone.</summary>
    public sealed record StopWhenUnused : ICommand;

    /// <summary>Both sides have opened the channel.</summary>
    public sealed record SessionOpened(PublicKey Server, PublicKey Remote, IActorRef Session, IActorRef Connection) : IEvent;

    /// <summary>The channel of a remote is gone.</summary>
    public sealed record SessionClosed(PublicKey Remote, IActorRef Connection) : IEvent;
}
