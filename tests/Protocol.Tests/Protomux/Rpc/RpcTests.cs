using System.Text.Json;
using AuctionActors.Protocol.Tests.SecretStream;
using CsCheck;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Protomux.Rpc;
using Hyper.Protocol.SecretStream.Noise;

namespace AuctionActors.Protocol.Tests.Protomux.Rpc;

public sealed class RpcTests
{
    private static readonly RpcMethod Echo = new("echo");

    [Fact]
    public void Answers_find_their_calls_in_any_order()
    {
        RpcPair pair = RpcPair.Opened();
        pair.B.Handler = null;
        ulong first = pair.A.Request("echo", "1"), second = pair.A.Request("echo", "2");
        pair.Run();
        RpcEffect.RequestReceived[] calls = [.. pair.B.Seen<RpcEffect.RequestReceived>()];
        pair.B.Machine.Reply(calls[1].Token, "b"u8.ToArray());
        pair.B.Machine.Reply(calls[0].Token, "a"u8.ToArray());
        pair.B.Machine.Reply(calls[0].Token, "again"u8.ToArray());
        pair.Run();
        Assert.Equal([second, first], pair.A.Seen<RpcEffect.ResponseReceived>().Select(answer => answer.RequestId));
        Assert.Equal(["62", "61"], pair.A.Answers);
    }

    [Fact]
    public void Values_of_any_length_arrive_in_both_encodings()
        => Gen.Select(Gen.Byte.Array[0, 400], Gen.Bool).Sample((value, raw) =>
        {
            RpcPair pair = RpcPair.Opened();
            RpcMethod method = new("m", raw ? RpcValueEncoding.Raw : RpcValueEncoding.Buffer, raw ? RpcValueEncoding.Raw : RpcValueEncoding.Buffer);
            pair.B.Machine.AddMethod(method);
            pair.B.Handler = (machine, request) => machine.Reply(request.Token, request.Value);
            pair.A.Machine.TryRequest(method, value, null, default, out _);
            pair.Run();
            return pair.A.Answers.Single() == Convert.ToHexStringLower(value);
        }, iter: 200);

    [Fact]
    public void Each_call_gives_up_at_its_own_time()
    {
        RpcPair pair = RpcPair.Opened();
        pair.A.Request("slow", "", timeout: TimeSpan.FromSeconds(3));
        pair.A.Request("slow", "", timeout: TimeSpan.FromSeconds(1));
        pair.A.Request("slow", "");
        Assert.Equal(TimeSpan.FromSeconds(1), pair.A.Machine.NextDeadline);
        pair.A.Machine.HandleTimeout(TimeSpan.FromSeconds(1));
        pair.Run();
        Assert.Equal(2ul, Assert.Single(pair.A.Seen<RpcEffect.RequestFailed>()).RequestId);
        Assert.Equal(TimeSpan.FromSeconds(3), pair.A.Machine.NextDeadline);
        pair.A.Machine.HandleTimeout(TimeSpan.FromSeconds(10));
        Assert.Null(pair.A.Machine.NextDeadline);
        Assert.Equal(1, pair.A.Machine.OutstandingRequestCount);
    }

    [Fact]
    public void Answered_calls_do_not_pile_up_deadlines()
    {
        RpcPair pair = RpcPair.Opened();
        for (int i = 0; i < 1000; i++)
        {
            pair.A.Request("echo", "", timeout: TimeSpan.FromSeconds(30));
            pair.Run();
        }

        Assert.Null(pair.A.Machine.NextDeadline);
        Assert.Equal(1000, pair.A.Answers.Count());
    }

    [Fact]
    public void Ending_waits_for_calls_of_both_sides()
    {
        RpcPair pair = RpcPair.Opened();
        pair.A.Request("slow", "");
        pair.Run();
        pair.B.Machine.End();
        pair.A.Machine.End();
        pair.Run();
        Assert.False(pair.A.Machine.IsClosed || pair.B.Machine.IsClosed);
        pair.B.Machine.Reply(pair.B.Seen<RpcEffect.RequestReceived>().Single().Token, "done"u8.ToArray());
        pair.Run();
        Assert.Single(pair.A.Answers);
        Assert.True(pair.A.Machine.IsClosed && pair.B.Machine.IsClosed);
    }

    [Fact]
    public void The_error_of_the_stream_is_the_cause_of_the_failed_calls()
    {
        RpcPair pair = RpcPair.Opened();
        pair.A.Request("slow", "");
        pair.A.Machine.HandleClosed("ETIMEDOUT");
        pair.A.Perform();
        Assert.Equal(["CHANNEL_CLOSED: channel closed (ETIMEDOUT)"], pair.A.Errors);
        Assert.False(pair.A.Machine.TryRequest(Echo, default, null, default, out _));
    }

    [Fact]
    public void Events_are_never_answered()
    {
        RpcPair pair = RpcPair.Opened();
        pair.A.Machine.TrySendEvent(new RpcMethod("unknown"), default);
        pair.A.Machine.TrySendEvent(Echo, new byte[] { 1 });
        pair.Run();
        int sent = pair.Mux.B.Wire.Count;
        pair.Run();
        Assert.Equal(sent, pair.Mux.B.Wire.Count);
        Assert.Equal(1, sent);
    }

    [Fact]
    public void Calls_beyond_the_limits_are_refused_on_either_side()
    {
        RpcPair pair = RpcPair.Opened(new RpcOptions { MaxOutstandingRequests = 3, MaxPendingResponses = 2 });
        for (int i = 0; i < 3; i++)
            pair.A.Request("slow", "");
        Assert.False(pair.A.Machine.TryRequest(Echo, default, null, default, out _));
        pair.Run();
        Assert.Equal(["REQUEST_ERROR: Request failed (too many requests)"], pair.A.Errors);
    }

    [Fact]
    public void A_removed_method_is_unknown()
    {
        RpcPair pair = RpcPair.Opened();
        pair.B.Machine.RemoveMethod("echo");
        pair.A.Request("echo", "x");
        pair.Run();
        Assert.Equal(["UNKNOWN_METHOD: Unknown method 'echo'"], pair.A.Errors);
    }

    [Fact]
    public void A_result_too_large_for_a_message_becomes_an_error()
    {
        RpcPair pair = RpcPair.Opened();
        pair.A.Request("slow", "");
        pair.Run();
        pair.B.Machine.Reply(pair.B.Seen<RpcEffect.RequestReceived>().Single().Token, new byte[RpcMachine.MaxValueLength + 1]);
        pair.Run();
        Assert.StartsWith("ENCODE_ERROR", Assert.Single(pair.A.Errors), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => pair.A.Machine.TryRequest(Echo, new byte[RpcMachine.MaxValueLength + 1], null, default, out _));
    }

    [Fact]
    public void Random_messages_never_throw()
        => Gen.Select(Gen.Int[0, 2], Gen.Byte.Array[0, 40]).Sample((type, payload) =>
        {
            RpcMachine machine = new(new RpcOptions());
            machine.AddMethod(new RpcMethod(""));
            machine.TryRequest(Echo, default, null, default, out _);
            machine.HandleMessage(type, payload);
        }, iter: 5000);

    [Fact]
    public void Errors_survive_a_round_trip()
        => Gen.Select(Gen.String[0, 10], Gen.String[1, 10], Gen.String[0, 10], Gen.Int[0, 3]).Sample((message, code, cause, parts) =>
        {
            RpcError error = new((parts & 1) == 0 ? null : Clean(code), Clean(message), (parts & 2) == 0 ? null : new RpcErrorCause(Clean(cause), "C", "x"));
            byte[] encoded = new CompactWriter().Response(7, error).ToArray();
            return RpcCodec.TryResponse(encoded, 1000, out ulong id, out RpcError? read, out _) && id == 7 && error == read;
        });

    [Fact]
    public void Capabilities_equal_the_vectors_and_verify_only_the_other_side()
    {
        JsonElement vector = TransportVectors.Root.GetProperty("capability");
        RpcCapability capability = new(vector.Hex("key")) { Namespace = vector.Hex32("ns") };
        NoiseResult initiator = Session(vector, true), responder = Session(vector, false);
        Assert.Equal(vector.Hex32("initiator"), capability.Compute(initiator, true));
        Assert.Equal(vector.Hex32("responder"), capability.Compute(initiator, false));
        byte[] sent = new RpcCapability(vector.Hex("key")).EncodeHandshake(initiator);
        Assert.Equal(vector.GetProperty("handshakeEncoded").Hex("withInitiatorCapability"), sent);
        Assert.Equal(RpcCapabilityVerdict.Accepted, capability.Verify(responder, sent));
        Assert.Equal(RpcCapabilityVerdict.Refused, capability.Verify(initiator, sent));
        Assert.Equal(RpcCapabilityVerdict.Refused, new RpcCapability(new byte[32]).Verify(responder, sent));
        Assert.Equal(RpcCapabilityVerdict.Refused, capability.Verify(responder, vector.GetProperty("handshakeEncoded").Hex("none")));
        Assert.Equal(RpcCapabilityVerdict.Malformed, capability.Verify(responder, []));
        Assert.Equal(RpcCapabilityVerdict.Malformed, capability.Verify(responder, sent.AsSpan(0, 32)));
    }

    private static string Clean(string text) => new([.. text.Where(char.IsAscii)]);

    private static NoiseResult Session(JsonElement vector, bool isInitiator)
        => new(Bytes32.Zero, Bytes32.Zero, vector.Hex("handshakeHash"), new PublicKey(Bytes32.Zero), new PublicKey(Bytes32.Zero), isInitiator);
}
