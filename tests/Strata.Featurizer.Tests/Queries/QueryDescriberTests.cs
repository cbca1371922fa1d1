using Grpc.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Strata.Contracts.Texts.V1;
using Strata.Featurizer.Answers;
using Strata.Featurizer.Answers.Core;
using Strata.Featurizer.Queries;
using Strata.Featurizer.Tests.Doubles;
using Strata.Featurizer.Tokens.Core;

namespace Strata.Featurizer.Tests.Queries;

[Trait("height", "unit")]
public sealed class QueryDescriberTests : IDisposable
{
    private readonly HashEncoder _encoder = new();
    private readonly TermExtractor _extractor = new(Options.Create(new TokensOptions()));
    private readonly AnswerTable _answers;
    private readonly QueryDescriber _describer;

    public QueryDescriberTests()
    {
        _answers = new AnswerTable(_encoder, Options.Create(new AnswersOptions()), NullLogger<AnswerTable>.Instance);
        _describer = new QueryDescriber(_extractor, _encoder, _answers, Options.Create(new TokensOptions()));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _answers.Dispose();
        _extractor.Dispose();
    }

    [Fact]
    public async Task DescribeAsync_Query_HasTermsAndACentredVectorAsAProfileDoes()
    {
        var query = await _describer.DescribeAsync("Red shoes, red boots", Cancel);

        Assert.Equal(("Red shoes, red boots", true, 0L), (query.Text, query.Centred, query.TimeUnixMs));
        Assert.Equal(["red", "shoe", "boot"], query.Terms);
        Assert.Equal(await _answers.CentreAsync(await _encoder.EncodeQueryAsync("Red shoes, red boots", Cancel), Cancel), query.Vector);
    }

    [Theory]
    [InlineData(" ")]
    [InlineData(null)]
    public async Task DescribeQuery_EmptyOrTooLong_IsRefused(string? query)
    {
        var service = new TextsService(_describer);
        var request = new DescribeQueryRequest { Query = query ?? new string('q', 257) };

        var fault = await Assert.ThrowsAsync<RpcException>(() => service.DescribeQuery(request, null!));

        Assert.Equal(StatusCode.InvalidArgument, fault.StatusCode);
    }
}
