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

    [Fact]
    public void One_damaged_header_leaves_the_other_and_two_leave_none()
    {
        Fixture fixture = new("core-10-1000-blocks");
        long[] lengths = [.. new[] { 0, 4096 }.Select(slot =>
        {
            MemoryCoreFiles files = fixture.Files.Copy();
            files.Bytes(CoreFile.Oplog)[slot + 20] ^= 1;
            return HypercoreMachine.Open(files, HypercoreOptions.AsUpstream).Tree.Length;
        })];
        Assert.Equal(1000, lengths.Max());
        Assert.InRange(lengths.Min(), 0, 999);
        foreach (int slot in new[] { 0, 4096 })
            fixture.Files.Bytes(CoreFile.Oplog)[slot + 20] ^= 1;
        CoreStorageException refused = Assert.Throws<CoreStorageException>(() => HypercoreMachine.Open(fixture.Files, HypercoreOptions.AsUpstream));
        Assert.Equal(CoreFile.Oplog, refused.File);
    }

    [Fact]
    public void What_a_torn_append_left_is_overwritten_by_the_next()
    {
        MemoryCoreFiles files = new Fixture("core-10-unflushed").Files;
        byte[] oplog = files.Bytes(CoreFile.Oplog);
        files.Replace(CoreFile.Oplog, [.. oplog, 0, 0, 0, 0, 4, 0, 0, 0]);
        HypercoreMachine core = HypercoreMachine.Open(files, HypercoreOptions.AsUpstream);
        core.Append([new byte[] { 9 }]);
        files.Run(core);
        HypercoreMachine again = HypercoreMachine.Open(files, HypercoreOptions.AsUpstream);
        Assert.Equal(4, again.Tree.Length);
        Assert.True(again.TryRead(3, out ReadOnlyMemory<byte> block));
        Assert.Equal([9], block.ToArray());
    }

    private static void MarkPartial(byte[] oplog, int offset)
    {
        Span<byte> frame = oplog.AsSpan(offset, OplogFrame.PrefixSize + OplogFrame.PayloadLength(oplog.AsSpan(offset)));
        frame[4] |= 2;
        BitConverter.TryWriteBytes(frame, Crc32.Compute(frame[4..]));
    }
}
