using TorchSharp;
using static TorchSharp.torch;

namespace Embedded.Tests;

[Collection(NativeMemoryCollection.Name)]
public sealed class DisposeScopeTests
{
    [Fact]
    public void A_scope_disposes_what_was_made_in_it()
    {
        Tensor inside;
        using var outside = ones(1);
        using (NewDisposeScope())
        {
            inside = ones(1);
            Assert.False(inside.IsInvalid);
        }
        Assert.True(inside.IsInvalid);
        Assert.False(outside.IsInvalid);
    }

    [Fact]
    public void Results_move_outwards_one_scope_at_a_time()
    {
        Tensor moved, left;
        using (var outer = NewDisposeScope())
        {
            using (NewDisposeScope())
            {
                left = ones(1);
                moved = ones(1).MoveToOuterDisposeScope();
            }
            Assert.True(left.IsInvalid);
            Assert.False(moved.IsInvalid);
            Assert.True(outer.Contains(moved));
        }
        Assert.True(moved.IsInvalid);
    }

    [Fact]
    public void Detached_tensors_outlive_all_scopes()
    {
        Tensor kept;
        using (NewDisposeScope())
        using (NewDisposeScope())
        {
            kept = ones(1).DetachFromDisposeScope();
        }
        Assert.False(kept.IsInvalid);
        kept.Dispose();
    }

    [Fact]
    public void Attached_tensors_end_with_the_scope()
    {
        var x = ones(1);
        using (var scope = NewDisposeScope())
        {
            scope.Attach(x);
            Assert.Equal(1, scope.DisposablesCount);
        }
        Assert.True(x.IsInvalid);
    }

    [Fact]
    public void A_scope_can_be_emptied_before_its_end()
    {
        using var scope = NewDisposeScope();
        var a = ones(1);
        var b = ones(1);
        scope.DisposeEverythingBut(b);
        Assert.True(a.IsInvalid);
        Assert.False(b.IsInvalid);
        scope.DisposeEverything();
        Assert.True(b.IsInvalid);
    }

    [Fact]
    public void A_tensor_disposed_early_leaves_its_scope()
    {
        using var scope = NewDisposeScope();
        var x = ones(1);
        Assert.Single(scope.DisposablesView);
        x.Dispose();
        Assert.Empty(scope.DisposablesView);
    }

    [Fact]
    public void A_tensor_can_be_given_to_the_scope_of_another()
    {
        using var outer = NewDisposeScope();
        var a = ones(1);
        using (NewDisposeScope())
        {
            var b = ones(1).MoveToOtherDisposeScope(a);
            Assert.True(outer.Contains(b));
        }
    }

    [Fact]
    public void Scopes_belong_to_their_thread()
    {
        using var scope = NewDisposeScope();
        Tensor? elsewhere = null;
        DisposeScope? seen = scope;
        var thread = new Thread(() =>
        {
            seen = CurrentDisposeScope;
            elsewhere = ones(1);
        });
        thread.Start();
        thread.Join();
        Assert.Null(seen);
        Assert.Same(scope, CurrentDisposeScope);
        scope.DisposeEverything();
        Assert.False(elsewhere!.IsInvalid);
        elsewhere.Dispose();
    }

    [Fact]
    public void Statistics_count_per_thread()
    {
        var statistics = DisposeScopeManager.Statistics;
        statistics.Reset();
        using (ones(1))
        using (NewDisposeScope())
        {
            ones(1).DetachFromDisposeScope().Dispose();
            ones(1);
            Assert.Equal(1, statistics.CreatedOutsideScopeCount);
            Assert.Equal(2, statistics.CreatedInScopeCount);
            Assert.Equal(1, statistics.DetachedFromScopeCount);
            Assert.Equal(1, statistics.ThreadTotalLiveCount);
        }
        Assert.Equal(1, statistics.DisposedInScopeCount);
        Assert.Equal(0, statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Scopes_closed_out_of_order_do_not_lose_tensors()
    {
        var outer = NewDisposeScope();
        var inner = NewDisposeScope();
        var x = ones(1);
        outer.Dispose();
        Assert.False(x.IsInvalid);
        Assert.Same(inner, CurrentDisposeScope);
        inner.Dispose();
        Assert.True(x.IsInvalid);
        Assert.Null(CurrentDisposeScope);
        Assert.Throws<ObjectDisposedException>(() => inner.DisposeEverything());
    }

    [Fact]
    public void The_wrapped_form_keeps_only_the_result()
    {
        var before = Tensor.TotalCount;
        using (var result = WrappedTensorDisposeScope(() => ones(2) + ones(2)))
        {
            Assert.Equal(before + 1, Tensor.TotalCount);
            Expect.Equal(result, 2, 2);
        }
        Assert.Equal(before, Tensor.TotalCount);
    }
}
