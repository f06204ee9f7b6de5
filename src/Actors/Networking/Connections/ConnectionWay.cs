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
    private (PeerAddress Address, IActorRef Datagrams)? _early;
    private (IActorRef Datagrams, IDatagramPort Port)? _met;
    private (PeerAddress Address, IActorRef Datagrams, IActorRef User)? _relay;
    private DatagramProtocol.SendPackets? _told;

    /// <summary>What the handshake left, once it is done.</summary>
    public ConnectionProtocol.Establish? Established { get; private set; }

    /// <summary>Every address that the stream has had, by the number of its path.</summary>
    public ImmutableArray<PeerAddress> Paths { get; private set; } = [];

    /// <summary>The port that packets leave from.</summary>
    public IActorRef Datagrams { get; private set; } = ActorRefs.Nobody;

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
    public void Meet(IActorRef datagrams, IDatagramPort? port)
    {
        if (port is not null && _met?.Port != port)
            _met = (datagrams, port);
    }

    /// <summary>Straight to the port once the remote is known to answer there: bulk then costs no mailbox more.</summary>
    /// <remarks>But never past packets that wait in the port's mailbox: the remote would take those for lost and ask for them again.</remarks>
    public void Send(PacketBatch packets)
    {
        if (_told is not { HaveLeft: false } && _met is { } met && met.Datagrams.Equals(Datagrams))
            met.Port.Send(packets, Paths);
        else
            Datagrams.Tell(_told = new DatagramProtocol.SendPackets(packets, Paths));
    }

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
        if (!datagrams.Equals(Datagrams))
            _told = null;
        Datagrams = datagrams;
        IsRelayed = IsRelay(address, datagrams);
        if (machine.Udx.IsConnected)
            machine.Move(remoteStreamId, clock.Now);
        else
            machine.Connect(remoteStreamId, clock.Now);
    }
}
