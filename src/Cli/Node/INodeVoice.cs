using System.Collections.Immutable;
using AuctionActors.Auctions.Market.Participants;
using AuctionActors.Auctions.Rules.Auditing;
using AuctionActors.Auctions.Rules.Envelopes;
using AuctionActors.Cli.Output;
using Hyper.Actors.Networking.Dht;

namespace AuctionActors.Cli.Node;

/// <summary>How a node speaks: to people or to programs.</summary>
internal interface INodeVoice
{
    void Ready(ParticipantIdentity self);

    void Tell(ParticipantProtocol.IEvent news);

    /// <summary>A ruling in an auction that is watched.</summary>
    void TellBid(ParticipantProtocol.BidDecided bid);

    void Answer(ParticipantProtocol.IReply reply, string reference);

    void TellConnections(ImmutableArray<HyperDhtProtocol.ConnectionSummary> connections);

    void TellTraffic(DhtNodeProtocol.NodeTraffic traffic);

    void Audited(AuctionSummary auction, AuditReport report);

    void Exported(string file, int events);

    void Help();

    void Done(string what);

    void Fail(CommandException failure);
}
