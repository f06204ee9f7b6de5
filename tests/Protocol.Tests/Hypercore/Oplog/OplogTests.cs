using System.Text;
using System.Text.Json;
using AuctionActors.Protocol.Tests.Hypercore.Files;
using CsCheck;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Files;
using Hyper.Protocol.Hypercore.Oplog;

namespace AuctionActors.Protocol.Tests.Hypercore.Oplog;

public sealed class OplogTests
{
    [Fact]
    public void Entries_encode_as_upstream()
    {
        int count = 0;
        foreach (JsonElement vector in HypercoreVectors.Root.GetProperty("oplogEntries").EnumerateArray())
        {
            byte[] encoded = vector.Bytes("encoded");
            Assert.True(OplogEntry.TryDecode(encoded, out OplogEntry entry));
            JsonElement decoded = vector.GetProperty("decoded");
            Assert.Equal(decoded.Has("userData"), entry.UserData is not null);
            Assert.Equal(decoded.Has("treeNodes"), entry.TreeNodes is not null);
            Assert.Equal(decoded.Has("treeUpgrade"), entry.Upgrade is not null);
            Assert.Equal(decoded.Has("bitfield"), entry.Bitfield is not null);
            CompactWriter writer = new();
            entry.Encode(writer);
            Assert.Equal(encoded, writer.ToArray());
            count++;
        }

        Assert.Equal(6, count);
    }

    [Fact]
    public void The_checksum_is_the_one_of_zip() => Assert.Equal(0xcbf43926u, Crc32.Compute(Encoding.ASCII.GetBytes("123456789")));

    [Fact]
    public void Entries_and_headers_are_total_on_random_bytes()
        => Gen.Byte.Array[0, 120].Sample(bytes =>
        {
            _ = OplogEntry.TryDecode(bytes, out _);
            _ = HeaderCodec.TryDecode(bytes, out _);
            return true;
        });

    [Fact]
    public void A_file_of_random_bytes_opens_or_says_why_not()
        => Gen.Select(Gen.Int[0, 5], Gen.Int[0, 9000], Gen.Byte).Sample((which, at, value) =>
        {
            Fixture fixture = new("core-10-unflushed");
            byte[] oplog = fixture.Files.Bytes(CoreFile.Oplog);
            oplog[at % oplog.Length] = value;
            if (which == 0)
                fixture.Files.Replace(CoreFile.Oplog, oplog[..(at % oplog.Length)]);
            try
            {
                HypercoreMachine core = HypercoreMachine.Open(fixture.Files, HypercoreOptions.AsUpstream);
                return core.Tree.Length <= 3;
            }
            catch (CoreStorageException)
            {
                return true;
            }
        }, iter: 300);

    [Fact]
    public void A_group_of_entries_without_its_end_is_not_replayed()
    {
        Fixture fixture = new("core-10-unflushed");
        byte[] oplog = fixture.Files.Bytes(CoreFile.Oplog);
        MarkPartial(oplog, (int)OplogFrame.EntriesOffset);
        Assert.Equal(3, HypercoreMachine.Open(fixture.Files.Copy(), HypercoreOptions.AsUpstream).Tree.Length);
        int first = (int)OplogFrame.EntriesOffset;
        int second = first + OplogFrame.PrefixSize + OplogFrame.PayloadLength(oplog.AsSpan(first));
        MarkPartial(oplog, second);
        MemoryCoreFiles files = fixture.Files;
        HypercoreMachine core = HypercoreMachine.Open(files, HypercoreOptions.AsUpstream);
        files.Run(core);
        Assert.Equal(1, core.Tree.Length);
        Assert.Equal(OplogFrame.EntriesOffset, files.Bytes(CoreFile.Oplog).Length);
    }

    private static void MarkPartial(byte[] oplog, int offset)
    {
        Span<byte> frame = oplog.AsSpan(offset, OplogFrame.PrefixSize + OplogFrame.PayloadLength(oplog.AsSpan(offset)));
        frame[4] |= 2;
        BitConverter.TryWriteBytes(frame, Crc32.Compute(frame[4..]));
    }
}
