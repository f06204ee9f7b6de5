using AuctionActors.Auctions.Market.Participants;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Cli.Node;

/// <summary>One line typed at a node; a closed set.</summary>
internal abstract record NodeCommand
{
    private NodeCommand()
    {
    }

    public sealed record Sell(AuctionOffer Offer) : NodeCommand;

    public sealed record Bid(string Reference, string Amount, string Code) : NodeCommand;

    public sealed record Close(string Reference) : NodeCommand;

    public sealed record Cancel(string Reference, string Reason) : NodeCommand;

    public sealed record List : NodeCommand;

    public sealed record Show(string Reference) : NodeCommand;

    public sealed record Watch(string Reference) : NodeCommand;

    public sealed record Audit(string Reference) : NodeCommand;

    public sealed record Export(string Reference, string File) : NodeCommand;

    public sealed record Connect(PublicKey Peer) : NodeCommand;

    public sealed record Peers : NodeCommand;

    public sealed record WhoAmI : NodeCommand;

    public sealed record Connections : NodeCommand;

    public sealed record Traffic : NodeCommand;

    public sealed record Help : NodeCommand;

    public sealed record Exit : NodeCommand;
}
