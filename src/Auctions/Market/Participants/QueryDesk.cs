using AuctionActors.Auctions.Market.Trading;
using AuctionActors.Auctions.Rules.Folding;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Auctions.Market.Participants;

/// <summary>Answers to local questions, from what the participant knows.</summary>
internal sealed class QueryDesk(AuctionDirectory directory)
{
    private readonly Dictionary<PublicKey, CoreSummary> _cores = [];
    private readonly List<PublicKey> _peers = [];

    public IReadOnlyList<PublicKey> Peers => _peers;

    public ParticipantIdentity? Self { get; set; }

    /// <summary>Whether the peer was not connected before.</summary>
    public bool Connected(PublicKey peer)
    {
        if (_peers.Contains(peer))
            return false;
        _peers.Add(peer);
        return true;
    }

    public void Disconnected(PublicKey peer) => _peers.Remove(peer);

    public void HandleCore(PublicKey core, ulong length, Bytes32 treeHash)
        => _cores[core] = new CoreSummary(core, OwnerOf(core), length, treeHash);

    public ParticipantProtocol.IReply Answer(ParticipantProtocol.IQuery query) => query switch
    {
        ParticipantProtocol.ListAuctions list => new ParticipantProtocol.AuctionsListed(list.RequestId, directory.Summaries),
        ParticipantProtocol.ShowAuction show => Find(show.Auction) is { } state
            ? new ParticipantProtocol.AuctionShown(show.RequestId, directory.Summarize(state), [.. state.Chain])
            : Unknown(query),
        ParticipantProtocol.GetDigests digests => new ParticipantProtocol.DigestsListed(digests.RequestId, directory.Digests),
        ParticipantProtocol.GetCores cores => new ParticipantProtocol.CoresListed(
            cores.RequestId, [.. _cores.Values.Select(core => core with { Owner = OwnerOf(core.Key) })]),
        ParticipantProtocol.ListPeers peers => new ParticipantProtocol.PeersListed(
            peers.RequestId, [.. _peers.Select(peer => new PeerSummary(peer, directory.NameOf(peer)))]),
        ParticipantProtocol.WhoAmI self => new ParticipantProtocol.Identity(self.RequestId, Self!),
        _ => new ParticipantProtocol.Refused(query.RequestId, RefusalCode.Usage, "this question is not answered here"),
    };

    public static ParticipantProtocol.Refused Unknown(ParticipantProtocol.IQuery query) => Unknown(query.RequestId);

    public static ParticipantProtocol.Refused Unknown(long requestId)
        => new(requestId, RefusalCode.NotFound, "no such auction is known here", "an auction that ls shows");

    private AuctionState? Find(Bytes32 auction) => directory.Find(auction) is { Terms: not null } state ? state : null;

    private PublicKey? OwnerOf(PublicKey core)
        => core == Self?.CoreKey ? Self.PublicKey
            : directory.Summaries.FirstOrDefault(auction => auction.Core == core)?.Seller;
}
