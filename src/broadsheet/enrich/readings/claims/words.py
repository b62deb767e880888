"""Classes of words that tell what a figure is for. General English and the names of common measures "
"only."""

_CLASSES = {
    "gain": "improvement improvements gain gains increase increases boost speedup speedups speed-up "
    "speed-ups acceleration reduction reductions decrease drop drops degradation savings saving lift "
    "advantage margin decline compression deviation gap difference loss overhead",
    "better": "faster higher lower better smaller larger fewer less more cheaper slower longer "
    "shorter worse greater stronger lighter quicker bigger improved reduced additional relative "
    "absolute",
    "act": "achieve achieves achieved achieving reach reaches reached reaching attain attains "
    "attained attaining obtain obtains obtained obtaining yield yields yielded yielding get gets "
    "score scores scored scoring deliver delivers delivered delivering hit hits record records "
    "recorded give gives reported show shows demonstrate demonstrates demonstrated solve solves "
    "solved solving only",
    "change": "improve improves improved improving increase increases increased increasing reduce "
    "reduces reduced reducing decrease decreases decreased decreasing boost boosts boosted boosting "
    "accelerate accelerates accelerated accelerating cut cuts cutting lower lowers lowered lowering "
    "save saves saved saving raise raises raised raising speed speeds enhance enhances enhanced "
    "enhancing drop drops dropped dropping compress compresses sacrificing scale scales outperform "
    "outperforms outperformed outperforming surpass surpasses surpassed surpassing exceed exceeds "
    "exceeded exceeding beat beats beating degrade degrades gaining",
    "keep": "retain retains retaining retained maintain maintains maintaining preserve preserves "
    "preserving recover recovers recovering match matches matching",
    "metric": "mcc nll bpb bpc ms-ssim sensitivity specificity concordance f-score f-measure f_1 "
    "f_1-score dsc hd95 pq hits roc-auc auc-roc bertscore chrf comet spice ece brier icc tau rho r^2 "
    "spearman's pearson's kendall's cohen's clipscore nmi ari ter pesq stoi "
    "accuracy acc f1 f1-score bleu bleu-4 rouge rouge-l rouge-1 meteor cider ndcg mrr map "
    "ap miou iou auc auroc auprc psnr ssim lpips fid fvd perplexity ppl wer cer eer mos rmse mae mse "
    "correlation correlations pearson spearman kendall kappa dice precision recall exact-match em "
    "score scores rate rates elo r2 success pass win sota error errors performance usability "
    "effectiveness average mean",
    "resource": "memory flops latency computation compute cost costs inference training time runtime "
    "throughput storage energy power usage cache bandwidth budget speed size",
    "counted": "datasets dataset tasks task benchmarks benchmark models questions examples samples "
    "images videos problems instances languages domains annotations papers participants experiments "
    "categories pairs conversations dialogues documents users queries authors repositories programs "
    "lines functions llms sentences articles subjects tests environments annotated human-annotated "
    "expert real-world diverse distinct different publications prompts classes agents applications "
    "games clips scenes objects entities people countries domains dimensions responses",
    "portion": "data labels labeled dataset training annotations supervision samples examples "
    "parameters weights",
    "setting": "at using with under on trained when given within by",
    "contrast": "vs versus compared than against from whereas",
    "chance": "confidence ci interval probability sparsity threshold level levels noise missing split "
    "significance",
    "plain": "of is are was were to and or in for the a an on as into up about over nearly roughly "
    "approximately around almost least most below above",
    "people": "we our ours",
    "part": "modules module components component stages stage steps step phases phase parts types "
    "type ways aspects challenges contributions findings perspectives factors strategies settings "
    "levels key main major questions layers layer epochs gpus gpu iterations runs times agents "
    "stage-wise core approaches methods directions",
}
CLASS_OF: dict[str, tuple[str, ...]] = {}
for _name, _words in _CLASSES.items():
    for _word in _words.split():
        CLASS_OF[_word] = (*CLASS_OF.get(_word, ()), _name)


def word_set(words: str) -> frozenset[str]:
    return frozenset(words.split())
