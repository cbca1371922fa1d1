using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Strata.Contracts;
using Strata.Featurizer.Profiles;
using Strata.Featurizer.Profiles.Core;
using Strata.Featurizer.Tests.Embeddings;

namespace Strata.Featurizer.Tests.Profiles;

[Trait("height", "harness")]
public sealed class ItemFeaturesSourceTests : IDisposable
{
    private readonly ProfilesWorld _world = new();
    private readonly FakeTimeProvider _time = new();
    private readonly ItemFeaturesSource _source;

    public ItemFeaturesSourceTests()
        => _source = new ItemFeaturesSource(
            _world.Store, _time, Options.Create(new ProfilesOptions()), new ProfilesMetrics(TestEncoders.Meters));

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task FindAsync_KnownItem_DoesNotWait()
    {
        var found = await _source.FindAsync(["i1"], TestContext.Current.CancellationToken);

        Assert.Equal("i1", found["i1"].ItemId);
    }

    [Fact]
    public async Task FindAsync_ItemThatComesMeanwhile_IsWaitedFor()
    {
        var finding = _source.FindAsync(["i99"], TestContext.Current.CancellationToken).AsTask();
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(finding.IsCompleted);
        _world.PutItem("i99");

        var waited = await AdvanceUntilAsync(finding);

        Assert.True((await finding).ContainsKey("i99"));
        Assert.True(waited < TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task FindAsync_ItemThatNeverComes_IsWaitedForOnceAndWithinTheBudget()
    {
        var finding = _source.FindAsync(["i98", "i1"], TestContext.Current.CancellationToken).AsTask();
        var waited = await AdvanceUntilAsync(finding);
        var again = _source.FindAsync(["i98"], TestContext.Current.CancellationToken).AsTask();

        Assert.Equal(["i1"], (await finding).Keys);
        Assert.InRange(waited.TotalSeconds, 9.9, 10.1);
        Assert.True(again.IsCompletedSuccessfully);
        Assert.Empty(await again);
    }

    [Fact]
    public async Task FindAsync_RememberedMissThatCame_IsFoundWithoutAWait()
    {
        await AdvanceUntilAsync(_source.FindAsync(["i98"], TestContext.Current.CancellationToken).AsTask());
        _world.PutItem("i98");

        var found = _source.FindAsync(["i98"], TestContext.Current.CancellationToken);

        Assert.True(found.IsCompletedSuccessfully);
        Assert.Single(await found);
    }

    [Fact]
    public async Task FindAsync_WaitsInVain_HalveThePatienceUntilTimePasses()
    {
        var waits = new List<double>();
        foreach (var id in new[] { "i90", "i91", "i92" })
        {
            waits.Add((await AdvanceUntilAsync(_source.FindAsync([id], TestContext.Current.CancellationToken).AsTask())).TotalSeconds);
        }

        _time.Advance(TimeSpan.FromMinutes(11));
        waits.Add((await AdvanceUntilAsync(_source.FindAsync(["i93"], TestContext.Current.CancellationToken).AsTask())).TotalSeconds);

        Assert.Equal(
            [10, 5, 2.5, 10], waits.Select(wait => Math.Round(wait * 10) / 10), (expected, actual) => Math.Abs(expected - actual) < .2);
    }

    [Fact]
    public async Task FindAsync_AfterItsLifetime_IsReadAgain()
    {
        await _source.FindAsync(["i1"], TestContext.Current.CancellationToken);
        _world.Store.Values.Remove(Keys.Item("i1"));

        Assert.Single(await _source.FindAsync(["i1"], TestContext.Current.CancellationToken));
        _time.Advance(TimeSpan.FromMinutes(2));
        var late = _source.FindAsync(["i1"], TestContext.Current.CancellationToken).AsTask();
        await AdvanceUntilAsync(late);
        Assert.Empty(await late);
    }

    /// <summary>Moves the clock on in small steps until the task ends; returns how far.</summary>
    private async Task<TimeSpan> AdvanceUntilAsync(Task task)
    {
        var step = TimeSpan.FromMilliseconds(50);
        var waited = TimeSpan.Zero;
        while (!task.IsCompleted)
        {
            _time.Advance(step);
            waited += step;
            Assert.True(waited < TimeSpan.FromMinutes(1), "never ends");

            // Lets continuations run that the clock has released.
            for (var i = 0; i < 5; i++)
            {
                await Task.Yield();
            }
        }

        return waited;
    }
}
