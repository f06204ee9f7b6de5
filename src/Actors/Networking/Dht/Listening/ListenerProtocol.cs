using System.Collections.Immutable;
using Akka.Actor;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.HyperDht.Connecting;
using Hyper.Protocol.HyperDht.Messages;

namespace Hyper.Actors.Networking.Dht.Listening;

/// <summary>What passes between the DHT of a peer, its listeners and their announcers.</summary>
internal static class ListenerProtocol
{
    /// <summary>A handshake message for the listener's key.</summary>
    public sealed record HandshakeArrived(ReceivedRequest Request, PeerRoute.Accept Route, NodeReachability Own);

    /// <summary>A round of a holepunch for the listener's key.</summary>
    public sealed record HolepunchArrived(ReceivedRequest Request, HolepunchMessage Message);

    /// <summary>The stream of a connection that was begun has arrived, on this socket.</summary>
    public sealed record StreamArrived(uint StreamId, LocalSocket Socket);

    /// <summary>Whether and where the node is open to everybody, and whether anybody answers it.</summary>
    public sealed record NodeChanged(PeerAddress? OpenAddress, bool IsOnline)
    {
        public static NodeChanged Of(DhtNodeState state) => new(state.OpenAddress, state.IsOnline);
    }

    /// <summary>The node has got or lost a local address: announce the server anew.</summary>
    public sealed record NetworkChanged;

    /// <summary>Where a byte that was sent to oneself arrived, and all the hosts where it was tried.</summary>
    public sealed record HostsTried(IReadOnlyList<uint> Hosts, IReadOnlyList<uint> Usable);

    /// <summary>Take everything back until <see cref="Resume"/>; answered by <see cref="Suspended"/>.</summary>
    public sealed record Suspend;

    /// <summary>Announce the server again.</summary>
    public sealed record Resume;

    /// <summary>The relays have forgotten the server for now.</summary>
    public sealed record Suspended;

    /// <summary>Take everything back and stop.</summary>
    public sealed record Stop;

    /// <summary>Add what was counted, and pass the question on.</summary>
    public sealed record CountHandshakes(DhtNodeProtocol.GetTraffic Query, ImmutableArray<IActorRef> Left, IActorRef Node, IActorRef Asker)
    {
        public void PassOn()
        {
            if (Left.IsEmpty)
                Node.Tell(Query, Asker);
            else
                Left[0].Tell(this with { Left = Left[1..] });
        }

        public CountHandshakes With(HandshakeCounts counts) => this with { Query = Query with { Handshakes = Query.Handshakes.Add(counts) } };
    }

    /// <summary>From a listener: make this connection before anything that it tells afterwards goes out.</summary>
    public sealed record ConnectionBegun(EstablishedConnection Connection);

    /// <summary>From a listener: no way to the client was found.</summary>
    public sealed record ConnectionAbandoned(uint StreamId);

    /// <summary>From an announcer: the server can be found through these relays.</summary>
    public sealed record Announced(ImmutableArray<HolepunchRelay> Relays, ImmutableArray<PeerAddress> Addresses);
}
