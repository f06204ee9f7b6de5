using System.Collections.Immutable;
using AuctionActors.Auctions.Rules;
using AuctionActors.Auctions.Rules.Amounts;
using AuctionActors.Auctions.Rules.Deciding;
using AuctionActors.Auctions.Rules.Envelopes;
using AuctionActors.Auctions.Rules.Folding;
using AuctionActors.Auctions.Rules.Terms;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Auctions.Tests.Rules;

/// <summary>A seller and its bidders at one table: every step is decided and folded at once.</summary>
internal sealed class AuctionStory
{
    public const long Noon = 1_735_732_800_000;

    public static readonly Bytes32 Network = HyperAuction.Network("test");

    private readonly Dictionary<int, Envelope> _lastBids = [];

    public AuctionStory(Func<AuctionTerms, AuctionTerms>? change = null)
    {
        Terms = new AuctionTerms
        {
            Item = "Pic#1",
            Currency = Currency.Default,
            StartUnits = 75_000_000,
            Core = new PublicKey(Seed(200)),
            Salt = Seed(201),
        };
        Terms = change?.Invoke(Terms) ?? Terms;
        Opening = Seller.Open(Terms, Noon);
        State = AuctionFold.Apply(AuctionState.Unknown(Opening.Hash, Network), Opening);
    }

    public static Signer Seller { get; } = Person(1);

    public AuctionTerms Terms { get; }

    public Envelope Opening { get; }

    public AuctionState State { get; set; }

    public long Now { get; set; } = Noon;

    public ImmutableList<Envelope> Chain => State.Chain;

    public AuctionView View => AuctionView.Of(State);

    public static Bytes32 Seed(byte number) => new([.. Enumerable.Repeat(number, 32)]);

    public static Signer Person(int number) => new(KeyPair.FromSeed(Seed((byte)number)), Network);

    public Envelope SignBid(int bidder, string amount, string code = "", uint quantity = 0, ChainHead? saw = null)
    {
        Assert.Equal(AmountError.None, Terms.Currency.ParseAmount(amount, out long units));
        BidPlace place = _lastBids.TryGetValue(bidder, out Envelope? last) ? BidPlace.After(last) : default;
        return Person(bidder).Bid(Opening.Hash, place, new Message.Bid(units, quantity, saw ?? State.Head, code), Now);
    }

    public Verdict Bid(int bidder, string amount, string code = "", uint quantity = 0, ChainHead? saw = null)
    {
        Envelope bid = SignBid(bidder, amount, code, quantity, saw);
        _lastBids[bidder] = bid;
        return Assert.IsType<Answer.Decided>(Submit(bid)).Verdict;
    }

    public Answer Submit(Envelope request) => Take(SellerRules.Decide(State, request, Seller, Now));

    public Answer Close() => Take(SellerRules.Close(State, Seller, Now));

    public Answer Cancel() => Take(SellerRules.Cancel(State, Seller, "sold elsewhere", Now));

    /// <summary>Appends whatever the seller signs, right or wrong.</summary>
    public Envelope Forge(Message message, long? at = null)
    {
        Envelope forged = Seller.Seal(Opening.Hash, (ulong)Chain.Count, State.Head.Hash, at ?? Now, message);
        State = AuctionFold.Apply(State, forged);
        return forged;
    }

    /// <summary>The story the tutorial tells.</summary>
    public static AuctionStory Hello()
    {
        var story = new AuctionStory();
        story.Bid(2, "75");
        story.Bid(3, "75.5");
        story.Bid(2, "80");
        story.Close();
        return story;
    }

    public static AuctionState Fold(IEnumerable<Envelope> envelopes, Bytes32 id)
        => AuctionFold.ApplyAll(AuctionState.Unknown(id, Network), envelopes);

    private Answer Take(Ruling ruling)
    {
        State = ruling.State;
        return ruling.Answer;
    }
}
