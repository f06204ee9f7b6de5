using Akka.Actor;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Protomux;
using Hyper.Protocol.SecretStream.Noise;
using Hyper.Protocol.Udx.Streams;

namespace Hyper.Actors.Networking.Connections;

/// <summary>Names a channel by the actor that uses it and a number of that actor's choice.</summary>
public sealed record ChannelKey(IActorRef Owner, int Number = 0);

/// <summary>Messages of <see cref="ConnectionActor"/>; the sender of every event is the connection.</summary>
public static class ConnectionProtocol
{
    public interface ICommand;

    public interface IEvent;

    /// <summary>Answered by <see cref="Traffic"/>.</summary>
    public sealed record GetTraffic;

    /// <summary>Answered by <see cref="Way"/>.</summary>
    public sealed record GetWay;

    /// <summary>Answered by a <see cref="Way"/> for the present way and for each later one that is not through a relay, until the sender stops.</summary>
    public sealed record FollowWay;

    /// <summary>Where packets of the connection go, and from which port.</summary>
    public sealed record Way(PeerAddress RemoteAddress, IActorRef Datagrams);

    /// <summary>What the stream has measured and counted so far.</summary>
    /// <param name="RoundTrip">Smoothed; absent before the first measurement.</param>
    /// <param name="LostPackets">Packets declared lost.</param>
    public sealed record Traffic(TimeSpan? RoundTrip, long Retransmissions, long LostPackets, long SentPackets, long SentBytes, long ReceivedBytes)
    {
        internal static Traffic Of(UdxStreamMachine stream)
            => new(stream.RoundTripTime, stream.Counters.Retransmissions, stream.Counters.LossCount, stream.Counters.SentPackets, stream.Counters.SentBytes,
                stream.Counters.ReceivedBytes);
    }

    /// <summary>Start the encrypted session; channels may be opened before and after.</summary>
    /// <param name="Session">What the handshake left.</param>
    /// <param name="RemoteStreamId">The remote end's stream id.</param>
    /// <param name="RemoteAddress">Where to send; null to learn it, and the port, from the first packet.</param>
    /// <param name="Datagrams">The port to send from when the address is given.</param>
    public sealed record Establish(NoiseResult Session, uint RemoteStreamId, PeerAddress? RemoteAddress, IActorRef? Datagrams) : ICommand
    {
        /// <summary>How long the first packet may take when it shows the address.</summary>
        public TimeSpan PathTimeout { get; init; } = TimeSpan.FromSeconds(10);

        /// <summary>Whoever uses the connection has messages for it: its first packet waits a moment for them.</summary>
        public bool SpeaksAtOnce { get; init; }
    }

    /// <summary>Go on over another path; packets in flight still go the old way, and the remote end need not know.</summary>
    /// <param name="RemoteAddress">Where to send from now on.</param>
    /// <param name="Datagrams">The port to send from.</param>
    /// <param name="RemoteStreamId">The id on the new path; null when it stays the same.</param>
    public sealed record Move(PeerAddress RemoteAddress, IActorRef Datagrams, uint? RemoteStreamId = null) : ICommand;

    /// <summary>
    /// Go through a relay while no other way is known. What comes from the relay shows no way; what comes from elsewhere does, and the
    /// connection moves there. The sender hears <see cref="Moved"/> when nothing of it goes through the relay any more.
    /// </summary>
    /// <param name="RelayAddress">The relay's.</param>
    /// <param name="Datagrams">The port on which the relay is met.</param>
    /// <param name="StreamId">By which the relay knows the connection; absent while it has not paired it yet.</param>
    public sealed record UseRelay(PeerAddress RelayAddress, IActorRef Datagrams, uint? StreamId = null) : ICommand;

    /// <summary>Open a channel; messages may be sent at once. Answered with an event for the key's owner.</summary>
    public sealed record OpenChannel(ChannelKey Key, ChannelRequest Request) : ICommand;

    /// <summary>Send messages in order; several leave in one frame.</summary>
    public sealed record SendMessages(ChannelKey Key, IReadOnlyList<ChannelMessage> Messages) : ICommand;

    public sealed record CloseChannel(ChannelKey Key) : ICommand;

    /// <summary>Tell an actor when the remote opens this protocol, with one id or (null) with any.</summary>
    public sealed record ListenChannel(string Protocol, ReadOnlyMemory<byte>? Id, IActorRef Owner) : ICommand;

    /// <summary>Refuse the remote's open that <see cref="PairRequested"/> told of.</summary>
    public sealed record DeclineChannel(string Protocol, ReadOnlyMemory<byte> Id) : ICommand;

    /// <summary>Make sure that the remote end is still there: a dead one times out.</summary>
    public sealed record SendKeepAlive : ICommand
    {
        public static SendKeepAlive Instance { get; } = new();
    }

    /// <summary>End gracefully: everything sent still arrives.</summary>
    public sealed record Close : ICommand
    {
        public static Close Instance { get; } = new();
    }

    /// <summary>End at once.</summary>
    public sealed record Destroy : ICommand
    {
        public static Destroy Instance { get; } = new();
    }

    /// <summary>To the connection's owner: the remote's first packet has shown where it is, and on which port it is met.</summary>
    public sealed record Reached(PeerAddress RemoteAddress, IActorRef Datagrams) : IEvent;

    /// <summary>To the connection's owner: the remote end has proven itself.</summary>
    public sealed record Opened(PublicKey RemotePublicKey, PeerAddress RemoteAddress, bool IsInitiator) : IEvent;

    /// <summary>To the connection's owner, or to whoever relays it: the remote end has acknowledged everything that went the old way.</summary>
    public sealed record Moved(PeerAddress RemoteAddress) : IEvent;

    /// <summary>To the connection's owner: it is over and the actor stops.</summary>
    public sealed record Closed(ConnectionCloseReason Reason, string? Detail) : IEvent;

    /// <summary>To the channel's owner: both sides have opened it.</summary>
    public sealed record ChannelOpened(ChannelKey Key, ReadOnlyMemory<byte> Handshake) : IEvent;

    /// <summary>To the channel's owner: all its messages of one arrival, in order.</summary>
    public sealed record ChannelMessages(ChannelKey Key, IReadOnlyList<ChannelMessage> Messages) : IEvent;

    /// <summary>To the channel's owner: it is gone.</summary>
    /// <param name="Key">The channel.</param>
    /// <param name="IsRemote">Whether the remote, or the end of the connection, closed it.</param>
    /// <param name="IsRejected">Whether it never opened.</param>
    /// <param name="ConnectionEnd">Why the connection ended, when that closed the channel.</param>
    public sealed record ChannelClosed(ChannelKey Key, bool IsRemote, bool IsRejected, ConnectionCloseReason? ConnectionEnd = null) : IEvent;

    /// <summary>To the listener: answer with <see cref="OpenChannel"/> or <see cref="DeclineChannel"/>.</summary>
    public sealed record PairRequested(string Protocol, ReadOnlyMemory<byte> Id) : IEvent;

    /// <summary>To every channel's owner: more is queued than the remote takes; hold back until <see cref="WritingResumed"/>.</summary>
    public sealed record WritingPaused : IEvent
    {
        public static WritingPaused Instance { get; } = new();
    }

    public sealed record WritingResumed : IEvent
    {
        public static WritingResumed Instance { get; } = new();
    }
}
