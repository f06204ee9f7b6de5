using System.Collections.Immutable;
using Akka.Actor;
using Hyper.Actors.Networking.Datagrams;
using Hyper.Actors.Runtime;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Udx.Packets;

namespace Hyper.Actors.Networking.Connections;

/// <summary>Where a connection's packets go: straight to the remote, or through a relay until a better way is known.</summary>
internal sealed class ConnectionWay(ConnectionMachine machine, IClock clock, IActorRef owner)
{
    private readonly StreamPort _port = new();
    private (PeerAddress Address, IActorRef Datagrams)? _early;
    private (PeerAddress Address, IActorRef Datagrams, IActorRef User)? _relay;
    private List<IActorRef>? _followers;

    /// <summary>What the handshake left, once it is done.</summary>
    public ConnectionProtocol.Establish? Established { get; private set; }

    /// <summary>Every address that the stream has had, by the number of its path.</summary>
    public ImmutableArray<PeerAddress> Paths { get; private set; } = [];

    /// <summary>The port that packets leave from.</summary>
    public IActorRef Datagrams => _port.Datagrams;

    /// <summary>Packets go through the relay.</summary>
    public bool IsRelayed { get; private set; }

    /// <summary>The first order begins the session, a later one shows a way.</summary>
    public void Establish(ConnectionProtocol.Establish establish)
    {
        if (Established is null)
        {
            Established = establish;
            machine.Establish(establish.Session, establish.PathTimeout, establish.SpeaksAtOnce, clock.Now);
            if (establish.RemoteAddress is null && _early is { } early && !IsRelay(early.Address, early.Datagrams))
                Reach(early.Address, early.Datagrams);
        }

        if (establish is { RemoteAddress: { } address, Datagrams: { } datagrams } && (machine.NeedsRemote || IsRelayed))
            Take(address, datagrams, establish.RemoteStreamId);
    }

    /// <summary>A relay that has paired too late is left at once.</summary>
    public void UseRelay(ConnectionProtocol.UseRelay relay, IActorRef user)
    {
        _relay = (relay.RelayAddress, relay.Datagrams, user);
        if (relay.StreamId is not { } streamId)
            return;
        if (machine.NeedsRemote)
            Take(relay.RelayAddress, relay.Datagrams, streamId);
        else if (!IsRelayed)
            user.Tell(new ConnectionProtocol.Moved(relay.RelayAddress));
    }

    public void Move(ConnectionProtocol.Move move) => Take(move.RemoteAddress, move.Datagrams, move.RemoteStreamId ?? machine.Udx.RemoteId);

    /// <summary>Something came in at a port.</summary>
    public void Meet(IActorRef datagrams, IDatagramPort? port) => _port.Meet(datagrams, port);

    public void Send(PacketBatch packets) => _port.Send(packets, Paths);

    /// <summary>An actor hears the way of the connection and each later one, but those through relays.</summary>
    public void Follow(IActorRef follower)
    {
        (_followers ??= []).Add(follower);
        if (machine.Udx.IsConnected)
            TellWay(follower);
    }

    /// <summary>An actor hears of no more ways.</summary>
    public void Forget(IActorRef follower) => _followers?.Remove(follower);

    /// <summary>A packet arrived, which may show the way.</summary>
    public void Note(PeerAddress from, IActorRef datagrams)
    {
        if (!machine.IsEstablished)
            _early ??= (from, datagrams);
        else if ((machine.NeedsRemote || IsRelayed) && !IsRelay(from, datagrams))
            Reach(from, datagrams);
    }

    /// <summary>All that went the old way has arrived.</summary>
    public void TellMoved()
    {
        IActorRef hearer = !IsRelayed && _relay is { } relay ? relay.User : owner;
        hearer.Tell(new ConnectionProtocol.Moved(Paths[^1]));
    }

    private bool IsRelay(PeerAddress from, IActorRef datagrams)
        => _relay is { } relay && relay.Address == from && relay.Datagrams.Equals(datagrams);

    private void Reach(PeerAddress address, IActorRef datagrams)
    {
        Take(address, datagrams, Established!.RemoteStreamId);
        owner.Tell(new ConnectionProtocol.Reached(address, datagrams));
    }

    private void Take(PeerAddress address, IActorRef datagrams, uint remoteStreamId)
    {
        Paths = Paths.Add(address);
        _port.Use(datagrams);
        IsRelayed = IsRelay(address, datagrams);
        if (machine.Udx.IsConnected)
            machine.Move(remoteStreamId, clock.Now);
        else
            machine.Connect(remoteStreamId, clock.Now);
        foreach (IActorRef follower in _followers ?? [])
            TellWay(follower);
    }

    private void TellWay(IActorRef follower)
    {
        if (!IsRelayed)
            follower.Tell(new ConnectionProtocol.Way(Paths[^1], Datagrams));
    }
}
