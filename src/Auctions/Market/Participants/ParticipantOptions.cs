using System.Collections.Immutable;
using AuctionActors.Auctions.Market.Delivery;
using AuctionActors.Auctions.Market.Discovery;
using AuctionActors.Auctions.Rules;
using AuctionActors.Auctions.Rules.Envelopes;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc;

namespace AuctionActors.Auctions.Market.Participants;

/// <summary>Who a participant is and where it trades.</summary>
public sealed record ParticipantOptions
{
    /// <summary>Shown to others.</summary>
    public required string Name { get; init; }

    /// <summary>Participants of different networks never hear each other.</summary>
    public string Network { get; init; } = HyperAuction.DefaultNetwork;

    /// <summary>Folder of the private bee; the cores lie below it.</summary>
    public required string Storage { get; init; }

    public PeerAddress Bind { get; init; }

    public ImmutableArray<BootstrapNode> Bootstrap { get; init; } = [];

    public bool IsEphemeral { get; init; }

    public bool IsFirewalled { get; init; }

    /// <summary>Blind relays that may carry connections for which there is no other way.</summary>
    public ImmutableArray<PublicKey> RelayThrough { get; init; } = [];

    public TimeSpan LookupEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a local bid waits for its ruling before the asker is told that there is none yet.</summary>
    public TimeSpan AnswerWithin { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a call to another participant waits.</summary>
    public TimeSpan CallWithin { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long peers may take to acknowledge the end of an own auction.</summary>
    public TimeSpan AcknowledgeWithin { get; init; } = TimeSpan.FromSeconds(2);

    public DialOptions Dialling { get; init; } = new();

    public OutboxOptions Outbox { get; init; } = new();

    public EnvelopeStashOptions Stash { get; init; } = new();

    /// <summary>Auctions followed at most.</summary>
    public int AuctionLimit { get; init; } = 4096;

    /// <summary>Other people's cores followed at most.</summary>
    public int CoreLimit { get; init; } = 1000;

    /// <summary>Commands kept while the participant starts.</summary>
    public int WaitingCommandLimit { get; init; } = 1024;

    /// <summary>Envelopes given in one answer to those who catch up.</summary>
    public int CatchUpLimit { get; init; } = 256;
}
