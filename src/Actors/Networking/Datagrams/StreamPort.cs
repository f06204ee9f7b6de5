using System.Collections.Immutable;
using Akka.Actor;
using Hyper.Actors.Runtime;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Udx.Packets;

namespace Hyper.Actors.Networking.Datagrams;

/// <summary>The port that the packets of a stream leave from.</summary>
internal sealed class StreamPort
{
    private (IActorRef Datagrams, IDatagramPort Port)? _met;
    private DatagramProtocol.SendPackets? _told;

    /// <summary>The port's actor.</summary>
    public IActorRef Datagrams { get; private set; } = ActorRefs.Nobody;

    /// <summary>Packets leave from here from now on.</summary>
    public void Use(IActorRef datagrams)
    {
        if (!datagrams.Equals(Datagrams))
            _told = null;
        Datagrams = datagrams;
    }

    /// <summary>Something came in at a port.</summary>
    public void Meet(IActorRef datagrams, IDatagramPort? port)
    {
        if (port is not null && _met?.Port != port)
            _met = (datagrams, port);
    }

    /// <summary>Straight to the port once the remote is known to answer there: bulk then costs no mailbox more.</summary>
    /// <remarks>But never past packets that wait in the port's mailbox: the remote would take those for lost and ask for them again.</remarks>
    public void Send(PacketBatch packets, ImmutableArray<PeerAddress> paths)
    {
        if (_told is not { HaveLeft: false } && _met is { } met && met.Datagrams.Equals(Datagrams))
            met.Port.Send(packets, paths);
        else
            Datagrams.Tell(_told = new DatagramProtocol.SendPackets(packets, paths));
    }
}
