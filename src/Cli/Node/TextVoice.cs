using System.Collections.Immutable;
using AuctionActors.Auctions.Market.Participants;
using AuctionActors.Auctions.Rules.Auditing;
using AuctionActors.Auctions.Rules.Envelopes;
using AuctionActors.Cli.Output;
using Hyper.Actors.Networking.Dht;

namespace AuctionActors.Cli.Node;

/// <summary>Lines for people; whole lines from any thread.</summary>
internal sealed class TextVoice(Action<string> print) : INodeVoice
{
    private readonly Lock _lock = new();

    public void Ready(ParticipantIdentity self) => Say(NodeText.Ready(self));

    public void Tell(ParticipantProtocol.IEvent news)
    {
        if (NodeText.Event(news) is { } line)
            Say(line);
    }

    public void TellBid(ParticipantProtocol.BidDecided bid)
        => Say(NodeText.Bid(bid, bid.Verdict == Verdict.Accept ? bid.Auction.LeaderName : bid.Bidder.ToShort()));

    public void Answer(ParticipantProtocol.IReply reply, string reference)
    {
        foreach (string line in Lines(reply, reference))
            Say(line);
    }

    public void TellConnections(ImmutableArray<HyperDhtProtocol.ConnectionSummary> connections)
    {
        if (connections.IsEmpty)
            Say("no connection is open");
        foreach (HyperDhtProtocol.ConnectionSummary connection in connections)
            Say(ConnectionText.Line(connection));
    }

    public void TellTraffic(DhtNodeProtocol.NodeTraffic traffic)
    {
        foreach (string line in TrafficText.Lines(traffic))
            Say(line);
    }

    public void Audited(AuctionSummary auction, AuditReport report) => Say(NodeText.Audit(auction, report));

    public void Exported(string file, int events) => Say($"exported {events} events to {file}");

    public void Help() => Say(NodeCommandReader.Help);

    public void Done(string what) => Say(what);

    public void Fail(CommandException failure)
        => Say($"{failure.Code.Replace('_', ' ')}: {failure.Message}{(failure.Expected is null ? "" : $" ({failure.Expected})")}");

    private static IEnumerable<string> Lines(ParticipantProtocol.IReply reply, string reference) => reply switch
    {
        ParticipantProtocol.Opened opened => [NodeText.Opened(opened)],
        ParticipantProtocol.BidAnswered answer => [NodeText.Answer(answer, reference)],
        ParticipantProtocol.Closed closed => [NodeText.Closed(closed)],
        ParticipantProtocol.AuctionsListed { Auctions.IsEmpty: true } => ["no auctions are known yet"],
        ParticipantProtocol.AuctionsListed list => list.Auctions.Select((auction, index) => NodeText.Line(index + 1, auction)),
        ParticipantProtocol.AuctionShown shown => NodeText.Show(shown.Auction, shown.Chain),
        ParticipantProtocol.PeersListed { Peers.IsEmpty: true } => ["not connected to anybody"],
        ParticipantProtocol.PeersListed list => list.Peers.Select(peer => $"{peer.PublicKey}  {peer.Name}"),
        ParticipantProtocol.Identity identity => [$"{identity.Self.Name}  {identity.Self.PublicKey}", $"  core {identity.Self.CoreKey}  bee {identity.Self.BeeKey}"],
        _ => ["done"],
    };

    private void Say(string line)
    {
        lock (_lock)
        {
            print(line);
        }
    }
}
