using AuctionActors.Auctions.Rules;
using AuctionActors.Auctions.Rules.Deciding;
using AuctionActors.Auctions.Rules.Envelopes;
using AuctionActors.Auctions.Rules.Wire;
using CsCheck;
using Google.Protobuf;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Envelope = AuctionActors.Auctions.Rules.Envelopes.Envelope;
using FaultKind = AuctionActors.Auctions.Rules.Envelopes.FaultKind;

namespace AuctionActors.Auctions.Tests.Rules.Envelopes;

public sealed class EnvelopeTests
{
    private static readonly AuctionStory Story = AuctionStory.Hello();

    public static TheoryData<string> Kinds => ["Open", "Bid", "Decision", "Close", "Cancel", "HeadNote", "Fault", "Profile"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_message_comes_back_as_it_was_sealed(string kind)
    {
        Envelope sealedOne = Sample(kind);
        Assert.True(Envelope.TryDecode(sealedOne.Encode(), out Envelope? read));
        Assert.Equal(kind, read.Message.GetType().Name);
        Assert.Equal(sealedOne.Hash, read.Hash);
        Assert.Equal(sealedOne.Auction, read.Auction);
        Assert.Equal(sealedOne.Encode(), read.Encode());
        if (kind is not ("Open" or "Fault"))
            Assert.Equal(sealedOne.Content, read.Content);
    }

    [Fact]
    public void Sealing_is_deterministic()
        => Assert.Equal(AuctionStory.Hello().Chain.Select(envelope => envelope.Hash), Story.Chain.Select(envelope => envelope.Hash));

    [Fact]
    public void Any_changed_byte_of_the_body_breaks_the_signature()
    {
        byte[] bytes = Sample("Bid").Encode();
        for (int i = 0; i < bytes.Length; i++)
        {
            byte[] changed = [.. bytes];
            changed[i] ^= 1;
            Assert.False(Envelope.TryDecode(changed, out Envelope? read) && !read.Encode().SequenceEqual(bytes), $"byte {i}");
        }
    }

    [Fact]
    public void Random_bytes_are_refused_quietly()
        => Gen.Byte.Array[0, 400].Sample(bytes => Assert.False(Envelope.TryDecode(bytes, out _)));

    [Fact]
    public void Truncated_bytes_are_refused_quietly()
    {
        byte[] bytes = Story.Chain[1].Encode();
        for (int length = 0; length < bytes.Length; length++)
            Assert.False(Envelope.TryDecode(bytes.AsSpan(0, length), out _));
    }

    [Fact]
    public void Only_closings_and_faults_may_be_large()
    {
        Envelope large = AuctionStory.Seller.Seal(Story.Opening.Hash, 0, default, 0, new Message.Cancel(new string('x', Envelope.MaxSize)));
        Assert.False(Envelope.TryDecode(large.Encode(), out _));
        Message.Fault fault = new(FaultKind.BadClose, [.. Enumerable.Repeat(Story.Chain[0], 60)]);
        Envelope proof = AuctionStory.Seller.Seal(Story.Opening.Hash, 0, default, 0, fault);
        Assert.InRange(proof.EncodedSize, Envelope.MaxSize, Envelope.MaxLargeSize);
        Assert.True(Envelope.TryDecode(proof.Encode(), out _));
    }

    [Fact]
    public void The_hash_and_signature_cover_author_and_body_under_their_labels()
    {
        Envelope envelope = Sample("Profile");
        var wire = AuctionActors.Auctions.Rules.Wire.Envelope.Parser.ParseFrom(envelope.Encode());
        Bytes32 hash = Blake2b.Hash256("hyperauction/1/env"u8, wire.Author.Span, wire.Body.Span);
        Assert.Equal(hash, envelope.Hash);
        Assert.True(Ed25519.Verify(envelope.Author, [.. "hyperauction/1/sig"u8, .. hash.Span], wire.Sig.Span));
    }

    [Fact]
    public void A_body_is_verified_as_bytes_whatever_unknown_fields_it_holds()
    {
        var body = new Body { V = 1, Network = Of(AuctionStory.Network), Prev = Of(default), Profile = new Profile { Name = "n" } };
        byte[] extended = [.. body.ToByteArray(), 0xf8, 0x06, 0x01];
        Assert.True(Envelope.TryDecode(SealBytes(extended), out Envelope? read));
        Assert.Equal(extended, AuctionActors.Auctions.Rules.Wire.Envelope.Parser.ParseFrom(read.Encode()).Body.ToByteArray());
    }

    [Fact]
    public void Misplaced_bodies_are_refused()
    {
        Body Sound() => new() { V = 1, Network = Of(AuctionStory.Network), Prev = Of(default), Profile = new Profile { Name = "n" } };
        var changes = new Action<Body>[]
        {
            body => body.V = 2,
            body => body.Network = ByteString.Empty,
            body => body.Auction = Of(AuctionStory.Seed(9)),
            body => body.Seq = 1,
            body => body.Prev = Of(AuctionStory.Seed(9)),
            body => body.Prev = ByteString.Empty,
            body => body.AtMs = -1,
            body => body.Cancel = new Cancel(),
        };
        Assert.True(Envelope.TryDecode(SealBytes(Sound().ToByteArray()), out _));
        foreach (Action<Body> change in changes)
        {
            Body body = Sound();
            change(body);
            Assert.False(Envelope.TryDecode(SealBytes(body.ToByteArray()), out _), body.ToString());
        }
    }

    [Fact]
    public void Unsupported_terms_are_chained_and_named()
    {
        Open open = new() { Kind = Kind.Vickrey, Item = "Ring", Code = "USDt", Scale = 6, Core = Of(AuctionStory.Seed(1)), Salt = Of(AuctionStory.Seed(1)) };
        var body = new Body { V = 1, Network = Of(AuctionStory.Network), Prev = Of(default), Open = open };
        Assert.True(Envelope.TryDecode(SealBytes(body.ToByteArray()), out Envelope? read));
        Assert.Equal("auction kind Vickrey is not supported", Assert.IsType<Message.UnsupportedOpen>(read.Message).Reason);
    }

    [Fact]
    public void Names_are_derived_as_published()
    {
        Bytes32 network = HyperAuction.Network("main");
        Assert.Equal(Blake2b.Hash256("hyperauction/1/networkmain"u8), network);
        Assert.Equal(Blake2b.Hash256("hyperauction/1/catalogue"u8, network.Span), HyperAuction.CatalogueTopic(network));
        Bytes32 seed = AuctionStory.Seed(7);
        Assert.Equal(Blake2b.Keyed256(seed.Span, "hyperauction/1/core"u8), HyperAuction.CoreSeed(seed));
        Assert.NotEqual(HyperAuction.CoreSeed(seed), HyperAuction.BeeSeed(seed));
    }

    private static Envelope Sample(string kind) => kind switch
    {
        "Open" => Story.Opening,
        "Bid" => ((Message.Decision)Story.Chain[1].Message).Subject!,
        "Decision" => Story.Chain[2],
        "Close" => Story.Chain[4],
        "Cancel" => AuctionStory.Seller.Seal(Story.Opening.Hash, 0, default, 5, new Message.Cancel("rain")),
        "HeadNote" => AuctionStory.Person(4).HeadNote(
            Story.Opening.Hash, new Message.HeadNote(AuctionStory.Seller.Author, Story.State.Head, Story.Chain[4], 5, 0), 5),
        "Fault" => AuctionStory.Seller.Seal(
            Story.Opening.Hash, 0, default, 5, new Message.Fault(FaultKind.Equivocation, [Story.Chain[4], Story.Chain[0]])),
        _ => AuctionStory.Person(4).Profile("Client#4", 5),
    };

    private static byte[] SealBytes(byte[] body)
    {
        Signer author = AuctionStory.Person(4);
        Bytes32 hash = Blake2b.Hash256("hyperauction/1/env"u8, author.Author.Value.Span, body);
        return new AuctionActors.Auctions.Rules.Wire.Envelope
        {
            Body = ByteString.CopyFrom(body),
            Author = Of(author.Author.Value),
            Sig = ByteString.CopyFrom(Ed25519.Sign(author.KeyPair, [.. "hyperauction/1/sig"u8, .. hash.Span])),
        }.ToByteArray();
    }

    private static ByteString Of(Bytes32 value) => ByteString.CopyFrom(value.Span);
}
