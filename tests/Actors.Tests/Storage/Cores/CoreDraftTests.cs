using Hyper.Actors.Storage.Cores;

namespace AuctionActors.Actors.Tests.Storage.Cores;

public sealed class CoreDraftTests() : CoreKit("core-drafts")
{
    [Fact]
    public async Task A_draft_of_two_hundred_thousand_blocks_is_taken_and_a_closed_one_is_flushed_no_more()
    {
        CoreClient core = Open();
        DraftClient draft = await DraftClient.BeginAsync(core), closed = await DraftClient.BeginAsync(core);
        ReadOnlyMemory<byte>[] blocks = [.. Enumerable.Repeat((ReadOnlyMemory<byte>)new byte[] { 1 }, 200_000)];
        DraftProtocol.State state = await draft.AppendAsync(blocks);
        Assert.Equal((200_000, 200_000), (state.Length, state.ByteLength));
        for (int i = 0; i < 1000; i++)
            state = await draft.AppendAsync(new byte[] { 2 });
        await closed.AppendAsync(new byte[] { 3 });
        await closed.CloseAsync();
        CoreFailedException refused = await Assert.ThrowsAsync<CoreFailedException>(() => closed.FlushAsync());
        Assert.Equal(CoreProblem.NotFound, refused.Problem);
        Assert.Equal(state.TreeHash, (await draft.FlushAsync()).Hash);
        Assert.Equal(201_000, (await core.GetInfoAsync()).Length);
    }
}
