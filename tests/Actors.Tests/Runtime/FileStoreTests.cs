using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;

namespace AuctionActors.Actors.Tests.Runtime;

public abstract class FileStoreTests
{
    protected abstract IFileStore Store { get; }

    protected abstract string Root { get; }

    [Fact]
    public void Writes_are_visible_to_reads_at_once_and_gaps_read_as_zeros()
    {
        using IFileFolder folder = Store.OpenFolder(Root + "/core", FolderAccess.Write);
        Submit(folder, Write("tree", 2, 7, 8));

        byte[] read = new byte[8];
        Assert.Equal(4, folder.Read("tree", 0, read));
        Assert.Equal([0, 0, 7, 8], read[..4]);
        Assert.Equal(4, folder.LengthOf("tree"));
        Assert.Equal(0, folder.Read("missing", 0, read));
        Assert.Equal(0, folder.LengthOf("missing"));
    }

    [Fact]
    public void Changes_of_a_batch_apply_in_order_and_survive_reopening()
    {
        using (IFileFolder folder = Store.OpenFolder(Root + "/core", FolderAccess.Write))
        {
            Submit(folder, Write("oplog", 0, 1, 2, 3), new FileTruncate("oplog", 1), Write("oplog", 1, 9));
        }

        using IFileFolder again = Store.OpenFolder(Root + "/core", FolderAccess.Read);
        byte[] read = new byte[4];
        Assert.Equal(2, again.Read("oplog", 0, read));
        Assert.Equal([1, 9], read[..2]);
        Assert.Throws<FolderReadOnlyException>(() => Submit(again, new FileTruncate("oplog", 0)));
    }

    [Fact]
    public void A_hole_reads_as_zeros_and_leaves_the_length_as_it_was()
    {
        using IFileFolder folder = Store.OpenFolder(Root + "/core", FolderAccess.Write);
        byte[] bytes = [.. Enumerable.Repeat((byte)7, 20_000)];
        Submit(folder, new FileWrite("data", 0, bytes), new FileHole("data", 5, 16_000), new FileHole("data", 19_999, 50));
        Assert.Equal(20_000, folder.LengthOf("data"));
        Assert.Equal(20_000, folder.Read("data", 0, bytes));
        Assert.All(bytes[..5], value => Assert.Equal(7, value));
        Assert.All(bytes[5..16_005], value => Assert.Equal(0, value));
        Assert.All(bytes[16_005..19_999], value => Assert.Equal(7, value));
        Assert.Equal(0, bytes[^1]);
    }

    [Fact]
    public void Gathered_parts_lie_one_behind_the_other_however_long_they_are()
    {
        using IFileFolder folder = Store.OpenFolder(Root + "/core", FolderAccess.Write);
        int[] lengths = [3, 0, 70_000, 700_000, 400_000, 1, 1_200_000, 5];
        ReadOnlyMemory<byte>[] parts = [.. lengths.Select((length, i) => (ReadOnlyMemory<byte>)Enumerable.Repeat((byte)(i + 1), length).ToArray())];
        Submit(folder, new FileGather("data", 5, parts));
        byte[] expected = [0, 0, 0, 0, 0, .. parts.SelectMany(part => part.ToArray())], read = new byte[expected.Length];
        Assert.Equal(expected.Length, folder.LengthOf("data"));
        Assert.Equal(expected.Length, folder.Read("data", 0, read));
        Assert.Equal(expected, read);
    }

    [Fact]
    public void A_folder_has_one_writer_at_a_time()
    {
        IFileFolder first = Store.OpenFolder(Root + "/core", FolderAccess.Write);
        Assert.Throws<FolderLockedException>(() => Store.OpenFolder(Root + "/core", FolderAccess.Write));
        first.Dispose();
        Store.OpenFolder(Root + "/core", FolderAccess.Write).Dispose();
    }

    [Fact]
    public void Files_are_renamed_over_others_deleted_and_listed_in_order()
    {
        using IFileFolder folder = Store.OpenFolder(Root + "/core", FolderAccess.Write);
        Submit(folder, Write("b", 0, 1), Write("a", 0, 2), Write("c", 0, 3));

        folder.Rename("b", "a");
        folder.Delete("c");

        Assert.Equal(["a"], folder.ListFiles().Where(name => name != "oplog"));
        byte[] read = new byte[1];
        folder.Read("a", 0, read);
        Assert.Equal([1], read);
    }

    [Fact]
    public void Reading_a_missing_folder_says_so()
        => Assert.Throws<DirectoryNotFoundException>(() => Store.OpenFolder(Root + "/nothing", FolderAccess.Read));

    protected static FileWrite Write(string name, long offset, params byte[] bytes) => new(name, offset, bytes);

    private static void Submit(IFileFolder folder, params FileChange[] changes)
    {
        using var done = new ManualResetEventSlim();
        FileOutcome outcome = default;
        folder.Submit(new FileBatch(changes, Flush: true), result =>
        {
            outcome = result;
            done.Set();
        });
        Assert.True(done.Wait(TimeSpan.FromSeconds(10)), "the flush never completed");
        Assert.Null(outcome.Error);
    }
}

public sealed class DiskFileStoreTests : FileStoreTests, IDisposable
{
    private readonly DiskFileStore _store = new();

    protected override IFileStore Store => _store;

    protected override string Root { get; } = Directory.CreateTempSubdirectory("auction-files-").FullName;

    public void Dispose()
    {
        _store.Dispose();
        Directory.Delete(Root, recursive: true);
    }
}

public sealed class MemoryFileStoreTests : FileStoreTests
{
    protected override IFileStore Store { get; } = new MemoryFileStore();

    protected override string Root => "peer";

    [Fact]
    public void A_crash_loses_what_was_not_flushed()
    {
        var pending = new Queue<Action>();
        var store = new MemoryFileStore(pending.Enqueue);
        IFileFolder folder = store.OpenFolder("core", FolderAccess.Write);
        folder.Submit(new FileBatch([Write("data", 0, 1, 2, 3)], Flush: true), _ => { });
        pending.Dequeue()();
        folder.Submit(new FileBatch([Write("data", 1, 9, 9, 9, 9), new FileTruncate("data", 2)], Flush: true), _ => { });

        store.LoseUnflushed();

        using IFileFolder after = store.OpenFolder("core", FolderAccess.Write);
        byte[] read = new byte[8];
        Assert.Equal(3, after.Read("data", 0, read));
        Assert.Equal([1, 2, 3], read[..3]);
    }
}
