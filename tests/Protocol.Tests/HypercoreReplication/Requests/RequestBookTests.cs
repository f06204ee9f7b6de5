using Hyper.Protocol.Hypercore.Merkle;
using Hyper.Protocol.HypercoreReplication.Requests;

namespace AuctionActors.Protocol.Tests.HypercoreReplication.Requests;

public sealed class RequestBookTests
{
    [Fact]
    public void A_request_that_is_never_answered_keeps_few_of_those_that_were()
    {
        RequestBook book = new();
        OutgoingRequest forgotten = book.Add(0, new ProofRequest(new NodeTarget(0, 0)), false, TimeSpan.FromSeconds(20));
        for (int block = 1; block < 100_000; block++)
        {
            OutgoingRequest request = book.Add(0, new ProofRequest(new NodeTarget(block, 0)), false, TimeSpan.FromSeconds(20 + block));
            Assert.True(book.TryEnd(request.Id, out _));
            Assert.InRange(book.Remembered, 1, 2000);
        }

        Assert.Equal(forgotten.Deadline, book.NextDeadline);
    }
}
